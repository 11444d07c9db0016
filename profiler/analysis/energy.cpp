// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/energy.h"

#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace simprof {

namespace {

constexpr const char* kSleepOwner = "[sleep]";
constexpr double kCalibratedBandPercent =
    5; ///< spread of a board's pJ per cycle between networks, 3…8 % (MLPerf Tiny results)

/// Energy of what ran: power follows the clock, so cycles cost the same at each clock but for the fixed current.
double runEnergyUj(const SupplyPoint& supply, Cycles cycles, double timeUs) {
    const double variable =
        supply.volts * supply.microampPerMhz * static_cast<double>(cycles) * 1e-6; // V * uA/MHz * Mcycles = uJ
    return variable + supply.volts * supply.microampFixed * timeUs * 1e-6;
}

/// The clock in force at cycles that are asked for in order, in hertz; the profile's own where no change is known.
class ClocksInOrder {
public:
    explicit ClocksInOrder(const Profile& profile)
        : m_next(profile.clocks.begin())
        , m_end(profile.clocks.end())
        , m_hertz(profile.board.clockHz) {}
    double at(Cycles cycle) {
        for (; m_next != m_end && m_next->cycle <= cycle; ++m_next) {
            m_hertz = m_next->hertz;
        }
        return static_cast<double>(m_hertz);
    }

private:
    std::vector<ClockChange>::const_iterator m_next;
    std::vector<ClockChange>::const_iterator m_end;
    Hertz m_hertz;
};

/// The supply with a running current that the user measured.
SupplyPoint calibrated(SupplyPoint supply, double pjPerCycle) {
    supply.volts = supply.volts > 0 ? supply.volts : 1;
    supply.microampPerMhz = pjPerCycle / supply.volts; // pJ per cycle = uW per MHz
    supply.microampFixed = 0;
    supply.bandPercent = kCalibratedBandPercent;
    supply.source += supply.source.empty() ? "calibrated" : "; running: calibrated";
    supply.name =
        fmt::format("{}calibrated to {} pJ per cycle", supply.name.empty() ? "" : supply.name + ", ", pjPerCycle);
    return supply;
}

} // namespace

const SupplyPoint* chooseSupply(const BoardDesc& board, const std::string& name) {
    if (name.empty()) {
        return board.supplies.empty() ? nullptr : &board.supplies.front();
    }
    std::string known;
    for (const SupplyPoint& supply : board.supplies) {
        if (supply.name == name) {
            return &supply;
        }
        known += (known.empty() ? "'" : ", '") + supply.name + "'";
    }
    throw Error(fmt::format("{} has no supply configuration '{}'; it has: {}", board.name, name,
                            known.empty() ? "none" : known));
}

SupplyFigures supplyFigures(const SupplyPoint& supply) {
    return {supply.volts,        supply.microampPerMhz, supply.microampFixed, supply.sleepMicroampPerMhz,
            supply.stopMicroamp, supply.source};
}

double runMicrowatts(const SupplyPoint& supply, double hertz) {
    return supply.volts * (supply.microampPerMhz * hertz * 1e-6 + supply.microampFixed);
}

void addEnergy(Profile& profile, const SupplyPoint* supply, std::optional<double> calibratePjPerCycle) {
    if (supply == nullptr && !calibratePjPerCycle) {
        profile.board.assumptions.push_back(
            "energy: no current of this board is known; give one with --calibrate PJ_PER_CYCLE");
        return;
    }
    SupplyPoint used = supply != nullptr ? *supply : SupplyPoint{};
    if (calibratePjPerCycle) {
        used = calibrated(std::move(used), *calibratePjPerCycle);
    }
    profile.board.supply = used.name;
    profile.board.supplyFigures = supplyFigures(used);
    profile.totals.energyBandPercent = used.bandPercent;
    for (LayerInfo& layer : profile.layers) {
        layer.energyUj = runEnergyUj(used, layer.cycles, layer.timeUs);
    }
    const double clock = static_cast<double>(profile.board.clockHz);
    const double sleepMicrowatts = used.volts * used.sleepMicroampPerMhz * clock * 1e-6;
    const double stopMicrowatts = used.volts * used.stopMicroamp;
    ClocksInOrder clocks(profile);
    for (PowerSpan& span : profile.power) { // in order of time
        span.microwatts = span.state == PowerState::Run    ? runMicrowatts(used, clocks.at(span.startCycle))
                          : span.state == PowerState::Stop ? stopMicrowatts
                                                           : sleepMicrowatts;
    }
    const bool deep = std::any_of(profile.power.begin(), profile.power.end(),
                                  [](const PowerSpan& span) { return span.state == PowerState::Stop; });
    for (Owner& owner : profile.owners) {
        owner.energyUj = owner.name == kSleepOwner ? (deep ? stopMicrowatts : sleepMicrowatts) * owner.timeUs * 1e-6
                                                   : runEnergyUj(used, owner.cycles, owner.timeUs);
    }
    for (Inference& inference : profile.inferences) {
        inference.energyUj =
            runEnergyUj(used, inference.cycles, clock > 0 ? static_cast<double>(inference.cycles) / clock * 1e6 : 0);
    }
    profile.totals.energyUj = 0;
    for (const LayerInfo& layer : profile.layers) {
        profile.totals.energyUj += layer.energyUj;
    }
    for (const Owner& owner : profile.owners) {
        profile.totals.energyUj += owner.energyUj;
    }
    if (supply != nullptr) {
        profile.board.assumptions.push_back(
            fmt::format("energy: {} ({}), +-{} %", used.name, supply->source, used.bandPercent));
    }
}

} // namespace simprof
