// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/energy_tables.h"

#include "profiler/energy/state_uses.h"
#include "profiler/report/energy_report.h"
#include "profiler/report/tables.h"
#include "profiler/text/numbers.h"

#include <algorithm>

namespace simprof {

namespace {

using Kind = Column::Kind;

double voltsOf(const Profile& profile) { return profile.board.supplyFigures ? profile.board.supplyFigures->volts : 0; }

/// Of a cycle while running, in microjoules.
double cycleUj(const Profile& profile) {
    const StateUse running = runningState(profile);
    return running.clockHz == 0
               ? 0
               : voltsOf(profile) * running.microamp.value_or(0) / static_cast<double>(running.clockHz);
}

Cell energyCell(double microjoules) { return {microjoules, humanEnergy(microjoules), 1}; }

Cell amountCell(std::optional<double> value) { return value ? Cell::significant(*value) : Cell::name("unknown"); }

/// Of the layer's network, at least 1.
double inferencesOf(const Profile& profile, const LayerInfo& layer) {
    const auto network = static_cast<std::size_t>(layer.network);
    const std::uint64_t known = network < profile.networks.size() ? profile.networks[network].inferences : 0;
    return static_cast<double>(std::max<std::uint64_t>({1, known, known == 0 ? layer.calls : 0}));
}

} // namespace

Table stateTable(const Profile& profile) {
    Table table{"states",
                {{"state", "state", Kind::Name},
                 {"setting", "setting", Kind::Name},
                 {"clock_hz", "clock", Kind::Number},
                 {"time_us", "time", Kind::Number},
                 {"percent", "%", Kind::Number},
                 {"microamp", "µA", Kind::Number},
                 {"low_microamp", "from", Kind::Number},
                 {"high_microamp", "to", Kind::Number},
                 {"energy_uj", "energy", Kind::Number},
                 {"source", "source", Kind::Text}},
                {},
                {}};
    for (const StateUse& use : profile.powerStates) {
        const bool was = use.cycles != 0;
        const double energy = energyOf(use, voltsOf(profile));
        table.rows.push_back({Cell::name(nameOf(use.state)), Cell::name(use.setting),
                              use.clockHz == 0 ? Cell::none() : Cell{use.clockHz, humanFrequency(use.clockHz), 1},
                              was ? Cell{use.timeUs, humanTime(use.timeUs), 1} : Cell::none(),
                              was ? Cell::percent(use.timeUs, profile.totals.timeUs) : Cell::none(),
                              amountCell(use.microamp), Cell::significant(use.lowMicroamp),
                              amountCell(use.highMicroamp),
                              !was           ? Cell::none()
                              : use.microamp ? energyCell(energy)
                                             : Cell::name("unknown"),
                              Cell::name(use.source)});
    }
    return table;
}

Table layerEnergyTable(const Profile& profile) {
    Table table{"layers",
                {{"id", "#", Kind::Number},
                 {"op", "operator", Kind::Name},
                 {"name", "name", Kind::Text},
                 {"energy_uj", "energy", Kind::Number},
                 {"percent", "%", Kind::Number},
                 {"pj_per_cycle", "pJ/cycle", Kind::Number},
                 {"pj_per_mac", "pJ/MAC", Kind::Number}},
                {},
                {}};
    double sum = 0;
    for (const LayerInfo& layer : profile.layers) {
        sum += layer.energyUj;
    }
    for (const LayerInfo& layer : profile.layers) {
        const double each = layer.energyUj / inferencesOf(profile, layer); // the bodies of an IF need not run in each
        const double macs = static_cast<double>(layer.macs) * layer.calls;
        table.rows.push_back(
            {Cell::count(static_cast<std::uint64_t>(layer.id)), Cell{layer.op, operatorText(layer, profile), 1},
             Cell::name(layer.name), energyCell(each), Cell::percent(layer.energyUj, sum),
             layer.cycles == 0 ? Cell::none()
                               : Cell::significant(layer.energyUj / static_cast<double>(layer.cycles) * 1e6),
             macs == 0 ? Cell::none() : Cell::significant(layer.energyUj / macs * 1e6)});
    }
    return table;
}

Table functionEnergyTable(const Profile& profile, std::size_t most) {
    Table table{"functions",
                {{"name", "function", Kind::Text},
                 {"calls", "calls", Kind::Number},
                 {"self_cycles", "cycles", Kind::Number},
                 {"energy_uj", "energy", Kind::Number}},
                {},
                {}};
    for (std::size_t i = 0; i < std::min(most, profile.functions.size()); ++i) { // most cycles first
        const FunctionInfo& function = profile.functions[i];
        table.rows.push_back({Cell::name(function.name), Cell::count(function.calls), Cell::count(function.selfCycles),
                              energyCell(static_cast<double>(function.selfCycles) * cycleUj(profile))});
    }
    return table;
}

Table interruptEnergyTable(const Profile& profile) {
    Table table{"interrupts",
                {{"name", "interrupt", Kind::Name},
                 {"entries", "entries", Kind::Number},
                 {"cycles", "cycles", Kind::Number},
                 {"energy_uj", "energy", Kind::Number},
                 {"each_uj", "each", Kind::Number}},
                {},
                {}};
    for (const ExceptionInfo& exception : profile.exceptions) {
        const double energy = static_cast<double>(exception.cycles) * cycleUj(profile);
        table.rows.push_back({Cell::name(exception.name), Cell::count(exception.entries), Cell::count(exception.cycles),
                              energyCell(energy),
                              energyCell(energy / std::max<double>(1, static_cast<double>(exception.entries)))});
    }
    return table;
}

} // namespace simprof
