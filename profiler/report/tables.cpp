// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/tables.h"

#include "profiler/analysis/inference_mean.h"
#include "profiler/analysis/network_slice.h"
#include "profiler/report/table_parts.h"
#include "profiler/text/names.h"
#include "profiler/text/numbers.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <map>

namespace simprof {
namespace {

using Kind = Column::Kind;
using Row = std::vector<Cell>;

/// Microseconds as value, milliseconds for people.
Cell milliseconds(double timeUs) { return {timeUs, fixed(timeUs / 1000, 3), 1}; }

/// Digits behind the point by the largest amount of the column, so that points stand below each other.
Cell microjoules(double energyUj, double largest) {
    return {energyUj, fixed(energyUj, largest >= 10'000 ? 1 : largest >= 100 ? 2 : largest >= 1 ? 3 : 5), 1};
}

Cell orNone(Cell cell, bool present) { return present ? std::move(cell) : Cell::none(); }

std::vector<Column> layerColumns(const Profile& profile) {
    const std::string energy = fmt::format("µJ ±{:.0f} %", profile.totals.energyBandPercent);
    return {{"id", "#", Kind::Number},
            {"op", "operator", Kind::Name},
            {"name", "name", Kind::Text},
            {"shape", "output", Kind::Name},
            {"cycles", "cycles", Kind::Number},
            {"percent", "%", Kind::Number},
            {"bar", "", Kind::Bar},
            {"time_us", "ms", Kind::Number},
            {"macs", "MACs", Kind::Number},
            {"macs_per_cycle", "/cycle", Kind::Number},
            {"sram_peak_bytes", "SRAM", Kind::Number},
            {"scratch_bytes", "scratch", Kind::Number},
            {"energy_uj", profile.totals.energyBandPercent > 0 ? energy : "µJ", Kind::Number},
            {"kernel", "kernel", Kind::Hidden},
            {"calls", "calls", Kind::Hidden},
            {"instructions", "instructions", Kind::Hidden},
            {"flash_read_bytes", "flash read", Kind::Hidden},
            {"sram_read_bytes", "SRAM read", Kind::Hidden},
            {"sram_write_bytes", "SRAM written", Kind::Hidden}};
}

Row layerRow(const LayerInfo& layer, const Profile& profile, const TensorNames& names, Cycles longest) {
    const bool counts = layer.macs != 0;
    Row row = {Cell::count(static_cast<std::uint64_t>(layer.id)),
               Cell{layer.op, operatorText(layer, profile), 1},
               Cell{layer.name, names.title(layer.name), 1},
               Cell::name(shapeText(layer.shape)),
               Cell::count(layer.cycles),
               Cell::percent(asDouble(layer.cycles), asDouble(profile.totals.cycles)),
               Cell{longest == 0 ? 0.0 : asDouble(layer.cycles) / asDouble(longest), "", 1},
               milliseconds(layer.timeUs),
               Cell{layer.macs, counts ? grouped(layer.macs) : "", 1},
               Cell{layer.macsPerCycle, counts ? fixed(layer.macsPerCycle, 2) : "", 1},
               Cell::count(layer.sramPeakBytes),
               Cell{layer.scratchBytes, layer.scratchBytes == 0 ? "" : grouped(layer.scratchBytes), 1},
               microjoules(layer.energyUj, profile.totals.energyUj),
               Cell::name(layer.kernel),
               Cell::count(layer.calls),
               Cell::count(layer.instructions),
               Cell::count(layer.flashReadBytes),
               Cell::count(layer.sramReadBytes),
               Cell::count(layer.sramWriteBytes)};
    addStalls(row, layer.stalls);
    return row;
}

/// A row of the layer table that has a name and sums, but is no layer.
Row sumRow(const Profile& profile, const std::string& name, Cell cycles, Cell percent, double timeUs, double energyUj) {
    Row row(layerColumns({}).size());
    row[1] = Cell::name(name);
    row[1].span = 3;
    row[4] = std::move(cycles);
    row[5] = std::move(percent);
    row[7] = milliseconds(timeUs);
    row[12] = microjoules(energyUj, profile.totals.energyUj);
    return row;
}

Row ownerRow(const Owner& owner, const Profile& profile) {
    Row row =
        sumRow(profile, owner.name, Cell::count(owner.cycles),
               Cell::percent(asDouble(owner.cycles), asDouble(profile.totals.cycles)), owner.timeUs, owner.energyUj);
    row[15] = Cell::count(owner.instructions);
    addStalls(row, owner.stalls);
    return row;
}

Bytes greatestPeak(const Profile& profile) {
    Bytes peak = 0;
    for (const LayerInfo& layer : profile.layers) {
        peak = std::max(peak, layer.sramPeakBytes);
    }
    return peak;
}

Row totalRow(const Profile& profile) {
    const ProfileTotals& totals = profile.totals;
    Row row = sumRow(profile, "total", Cell::count(totals.cycles),
                     Cell::percent(asDouble(totals.cycles), asDouble(totals.cycles)), totals.timeUs, totals.energyUj);
    row[10] = orNone(Cell::count(greatestPeak(profile)), !profile.layers.empty());
    addStalls(row, totals.stalls);
    return row;
}

Row meanRow(const Profile& profile, std::size_t network) {
    const InferenceMean mean = inferenceMean(profile, network);
    Row row = sumRow(profile,
                     mean.count == 0   ? "the inference, cut short"
                     : mean.cut        ? fmt::format("mean of {} whole", mean.count)
                     : mean.count == 1 ? "the inference"
                                       : fmt::format("mean of {} inferences", mean.count),
                     Cell::amount(mean.cycles, 0), Cell::none(), mean.timeUs, mean.energyUj);
    row[8] = orNone(Cell::count(mean.macs), mean.macs != 0);
    row[9] = orNone(Cell::amount(mean.macsPerCycle, 2), mean.macs != 0);
    addStalls(row, StallSums{});
    return row;
}

/// A column behind the first one with the number of each row's network, from 1, where several ran.
void addNetworkColumn(const Profile& profile, Table& table) {
    const std::size_t networks = networksThatRan(profile);
    if (networks < 2) {
        return;
    }
    table.columns.insert(table.columns.begin() + 1, {"network", "network", Kind::Number});
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        const auto network = static_cast<std::uint64_t>(profile.layers[i].network);
        table.rows[i].insert(table.rows[i].begin() + 1, Cell::count(network + 1));
    }
    const std::size_t sums = table.footer.size() - networks; // the means come last
    for (std::size_t i = 0; i < table.footer.size(); ++i) {
        table.footer[i].insert(table.footer[i].begin() + 1, i < sums ? Cell::none() : Cell::count(i - sums + 1));
    }
}

} // namespace

std::string operatorText(const LayerInfo& layer, const Profile& profile) {
    std::string indent;
    for (std::int32_t at = layer.bodyOf; at >= 0; at = profile.layers[static_cast<std::size_t>(at)].bodyOf) {
        indent = indent.empty() ? "└ " : "  " + indent;
    }
    return indent + layer.op;
}

std::string stallTitle(std::size_t stall) {
    std::string title = kStallNames[stall];
    std::replace(title.begin(), title.end(), '_', ' ');
    return title;
}

std::string sourceLocation(const std::string& file, std::uint32_t line) {
    if (file.empty()) {
        return "";
    }
    return line == 0 ? file : fmt::format("{}:{}", file, line);
}

TensorNames::TensorNames(const Profile& profile) {
    std::map<std::string, std::size_t> scopes;
    for (const LayerInfo& layer : profile.layers) {
        ++scopes[layer.name.substr(0, layer.name.find('/') + 1)]; // "" without a slash
    }
    for (const auto& [scope, count] : scopes) {
        if (!scope.empty() && profile.layers.size() > 2 && 2 * count > profile.layers.size()) {
            m_scope = scope;
        }
    }
}

std::string TensorNames::title(const std::string& name) const {
    const std::string whole = shortName(name, Short::Tensor);
    return !m_scope.empty() && whole.size() > m_scope.size() && whole.starts_with(m_scope)
               ? whole.substr(m_scope.size())
               : whole;
}

Table layerTable(const Profile& profile) {
    Table table{"layers", layerColumns(profile), {}, {}};
    addStallColumns(table);
    Cycles longest = 0;
    for (const LayerInfo& layer : profile.layers) {
        longest = std::max(longest, layer.cycles);
    }
    const TensorNames names(profile);
    for (const LayerInfo& layer : profile.layers) {
        table.rows.push_back(layerRow(layer, profile, names, longest));
    }
    for (const Owner& owner : profile.owners) {
        table.footer.push_back(ownerRow(owner, profile));
    }
    table.footer.push_back(totalRow(profile));
    if (!profile.inferences.empty()) {
        for (std::size_t network = 0; network < std::max<std::size_t>(networksThatRan(profile), 1); ++network) {
            table.footer.push_back(meanRow(profile, network));
        }
        addNetworkColumn(profile, table);
    }
    return table;
}

Table ownerTable(const Profile& profile) {
    Table table{"owners",
                {{"name", "owner", Kind::Name},
                 {"cycles", "cycles", Kind::Number},
                 {"percent", "%", Kind::Number},
                 {"bar", "", Kind::Bar},
                 {"time_us", "ms", Kind::Number},
                 {"energy_uj", "µJ", Kind::Number},
                 {"instructions", "instructions", Kind::Number}},
                {},
                {}};
    const auto row = [&](const std::string& name, Cycles cycles, std::uint64_t instructions, double timeUs,
                         double energyUj) {
        return Row{Cell::name(name),
                   Cell::count(cycles),
                   Cell::percent(asDouble(cycles), asDouble(profile.totals.cycles)),
                   barOf(cycles, profile.totals.cycles),
                   milliseconds(timeUs),
                   microjoules(energyUj, profile.totals.energyUj),
                   Cell::count(instructions)};
    };
    for (const Owner& owner : profile.owners) {
        table.rows.push_back(row(owner.name, owner.cycles, owner.instructions, owner.timeUs, owner.energyUj));
    }
    const ProfileTotals& totals = profile.totals;
    table.footer.push_back(row("total", totals.cycles, totals.instructions, totals.timeUs, totals.energyUj));
    table.footer.back()[3] = Cell::none();
    return table;
}

Table layerAndOwnerTable(const Profile& profile) {
    Table table = layerTable(profile);
    const auto column = std::ranges::find(table.columns, "op", &Column::key);
    const auto op = static_cast<std::size_t>(column - table.columns.begin());
    for (std::size_t i = 0; i < profile.owners.size(); ++i) {
        Row row = table.footer[i];
        row[op].span = 1;
        std::swap(row[op], row[op + 1]); // its name is no operator
        table.rows.push_back(std::move(row));
    }
    table.footer.clear();
    return table;
}

namespace {

/// Of their own, all of them.
Cycles cyclesOfFunctions(const Profile& profile) {
    Cycles sum = 0;
    for (const FunctionInfo& function : profile.functions) {
        sum += function.selfCycles;
    }
    return std::min(sum, profile.totals.cycles);
}

} // namespace

std::vector<std::pair<std::string, Cycles>> cyclesOutsideFunctions(const Profile& profile) {
    Cycles rest = profile.totals.cycles - cyclesOfFunctions(profile);
    std::vector<std::pair<std::string, Cycles>> outside;
    const auto take = [&](const char* name, Cycles cycles) {
        if (const Cycles taken = std::min(rest, cycles); taken != 0) {
            outside.emplace_back(name, taken);
            rest -= taken;
        }
    };
    for (std::size_t i = 0; i < kStallCount; ++i) {
        const std::string_view reason = kStallNames[i];
        if (reason == "sleep" || reason == "exception") {
            take(reason == "sleep" ? "[sleep]" : "[exception entry and return]", profile.totals.stalls[i]);
        }
    }
    take("[no function]", rest);
    return outside;
}

Table functionTable(const Profile& profile, std::size_t limit) {
    Table table{"functions",
                {{"self_cycles", "self", Kind::Number},
                 {"self_percent", "%", Kind::Number},
                 {"bar", "", Kind::Bar},
                 {"inclusive_cycles", "inclusive", Kind::Number},
                 {"calls", "calls", Kind::Number},
                 {"name", "function", Kind::Text},
                 {"location", "source", Kind::Path},
                 {"address", "address", Kind::Hidden},
                 {"instructions", "instructions", Kind::Hidden}},
                {},
                {}};
    addStallColumns(table);
    const Cycles longest = profile.functions.empty() ? 0 : profile.functions.front().selfCycles;
    Cycles shownCycles = 0;
    for (const FunctionInfo& function : profile.functions) {
        if (table.rows.size() == limit || (function.selfCycles == 0 && limit < profile.functions.size())) {
            break;
        }
        Row row = {Cell::count(function.selfCycles),
                   Cell::percent(asDouble(function.selfCycles), asDouble(profile.totals.cycles)),
                   barOf(function.selfCycles, longest),
                   Cell::count(function.inclusiveCycles),
                   Cell::count(function.calls),
                   functionCell(function),
                   Cell::name(sourceLocation(function.file, function.line)),
                   Cell::address(function.address),
                   Cell::count(function.instructions)};
        addStalls(row, function.stalls);
        table.rows.push_back(std::move(row));
        shownCycles += function.selfCycles;
    }
    const auto sum = [&](const std::string& name, Cycles cycles) {
        Row row(table.columns.size());
        row[0] = Cell::count(cycles);
        row[1] = Cell::percent(asDouble(cycles), asDouble(profile.totals.cycles));
        row[5] = Cell::name(name);
        table.footer.push_back(std::move(row));
    };
    if (const Cycles all = cyclesOfFunctions(profile); all > shownCycles) {
        const std::size_t hidden = profile.functions.size() - table.rows.size();
        sum(fmt::format("[{} more function{}]", hidden, hidden == 1 ? "" : "s"), all - shownCycles);
    }
    for (const auto& [name, cycles] : cyclesOutsideFunctions(profile)) {
        sum(name, cycles);
    }
    return table;
}

Table allFunctionTable(const Profile& profile) {
    Table table = functionTable(profile, profile.functions.size());
    std::ranges::move(table.footer, std::back_inserter(table.rows));
    table.footer.clear();
    return table;
}

} // namespace simprof
