// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/energy/energy.h"

#include "profiler/analysis/cycle_time.h"
#include "profiler/analysis/inference_mean.h"
#include "profiler/analysis/network_slice.h"
#include "profiler/energy/currents.h"
#include "profiler/energy/state_uses.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace simprof {

namespace {

constexpr const char* kAssumption = "energy: ";

/// Energy of what ran with the power controller at one setting; nothing where its current is unknown.
class RunEnergy {
public:
    RunEnergy(const SupplyPoint& supply, std::string setting)
        : m_supply(supply)
        , m_setting(std::move(setting))
        , m_byFormula(runsByFormula(supply, m_setting)) {}

    /// In microjoules. By the formula cycles cost the same at each clock but for the fixed current.
    double of(Cycles cycles, double timeUs) const {
        const auto count = static_cast<double>(cycles);
        if (m_byFormula) {
            const double variable =
                m_supply.volts * m_supply.microampPerMhz * count * 1e-6; // V * uA/MHz * Mcycles = uJ
            return variable + m_supply.volts * m_supply.microampFixed * timeUs * 1e-6;
        }
        const double megahertz = timeUs > 0 ? count / timeUs : 0;
        return m_supply.volts * currentOf(m_supply, PowerState::Run, m_setting, megahertz).microamp.value_or(0) *
               timeUs * 1e-6;
    }

private:
    const SupplyPoint& m_supply;
    std::string m_setting;
    bool m_byFormula;
};

void addPower(Profile& profile, const SupplyPoint& supply) {
    ClocksInOrder clocks(profile);
    for (PowerSpan& span : profile.power) { // in order of time
        const Current current =
            currentOf(supply, span.state, span.setting, static_cast<double>(clocks.at(span.startCycle)) * 1e-6);
        span.microwatts = current.microamp ? std::optional(supply.volts * *current.microamp) : std::nullopt;
    }
}

void addToOwners(Profile& profile, const SupplyPoint& supply) {
    const RunEnergy run(supply, runSetting(profile));
    for (LayerInfo& layer : profile.layers) {
        layer.energyUj = run.of(layer.cycles, layer.timeUs);
    }
    for (Owner& owner : profile.owners) {
        owner.energyUj = 0;
        if (owner.name != kSleepOwner) {
            owner.energyUj = run.of(owner.cycles, owner.timeUs);
            continue;
        }
        for (const StateUse& use : profile.powerStates) {
            owner.energyUj += use.state == PowerState::Run ? 0 : energyOf(use, supply.volts);
        }
    }
    const auto clock = static_cast<double>(profile.board.clockHz);
    for (Inference& inference : profile.inferences) {
        inference.energyUj =
            run.of(inference.cycles, clock > 0 ? static_cast<double>(inference.cycles) / clock * 1e6 : 0);
    }
}

void addTotals(Profile& profile, const SupplyPoint& supply) {
    ProfileTotals& totals = profile.totals;
    totals.energyUj = 0;
    for (const LayerInfo& layer : profile.layers) {
        totals.energyUj += layer.energyUj;
    }
    for (const Owner& owner : profile.owners) {
        totals.energyUj += owner.energyUj;
    }
    totals.energyLowUj = totals.energyUj;
    totals.energyHighUj = totals.energyUj;
    for (const StateUse& use : profile.powerStates) {
        if (use.cycles == 0) {
            continue;
        }
        const double perMicroamp = supply.volts * use.timeUs * 1e-6;
        *totals.energyLowUj -= use.microamp ? (*use.microamp - use.lowMicroamp) * perMicroamp : 0;
        if (!use.highMicroamp) {
            totals.energyHighUj.reset();
        } else if (totals.energyHighUj) {
            *totals.energyHighUj += (*use.highMicroamp - use.microamp.value_or(0)) * perMicroamp;
        }
    }
}

/// What the figures rest on, state by state.
void addSentences(Profile& profile, const SupplyPoint& used, const SupplyPoint& supply) {
    std::vector<std::string>& assumptions = profile.board.assumptions;
    assumptions.push_back(fmt::format("{}{} ({}), +-{} %", kAssumption, used.name, supply.source, used.bandPercent));
    for (const StateUse& use : profile.powerStates) {
        if (use.cycles == 0 || (use.microamp && use.source == supply.source)) {
            continue;
        }
        assumptions.push_back(use.microamp ? fmt::format("{}{} at {} µA ({})", kAssumption, describeState(use),
                                                         threeDigits(*use.microamp), use.source)
                                           : fmt::format("{}{}, so that {} of the run are not in the sum", kAssumption,
                                                         use.source, humanTime(use.timeUs)));
    }
}

void fill(Profile& profile, const SupplyPoint& used) {
    profile.board.supply = used.name;
    profile.board.supplyFigures = supplyFigures(used);
    if (runsByFormula(used, runSetting(profile)) || profile.board.clockHz == 0) {
        // the figures are the supply's own
    } else if (const auto run = currentOf(used, PowerState::Run, runSetting(profile),
                                          static_cast<double>(profile.board.clockHz) * 1e-6);
               run.microamp) {
        profile.board.supplyFigures->runMicroampPerMhz =
            *run.microamp / (static_cast<double>(profile.board.clockHz) * 1e-6);
        profile.board.supplyFigures->runMicroamp = 0;
    }
    profile.totals.energyBandPercent = used.bandPercent;
    profile.powerStates = stateUses(profile, used);
    addPower(profile, used);
    addToOwners(profile, used);
    addTotals(profile, used);
}

} // namespace

const SupplyPoint* chooseSupply(const BoardDesc& board, const std::string& name, const std::string& runSetting) {
    if (name.empty()) {
        const auto holds = [&](const SupplyPoint& supply) {
            return supply.setting.empty() || runSetting.empty() || supply.setting == runSetting;
        };
        const auto found = std::ranges::find_if(board.supplies, holds);
        return found == board.supplies.end() ? nullptr : &*found;
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

std::string runSetting(const Profile& profile) {
    const Cycles at = profile.inferences.empty() ? profile.totals.cycles : profile.inferences.front().startCycle;
    std::string setting;
    for (const PowerSpan& span : profile.power) {
        if (span.startCycle > at) {
            break;
        }
        setting = span.state == PowerState::Run ? span.setting : setting;
    }
    return setting;
}

void addEnergy(Profile& profile, const SupplyPoint* supply, const Calibration& calibration) {
    std::erase_if(profile.board.assumptions,
                  [](const std::string& sentence) { return sentence.starts_with(kAssumption); });
    if (supply == nullptr && !calibration.pjPerCycle) {
        if (!calibration.empty()) {
            (void)calibrated({}, calibration, 0); // throws
        }
        profile.board.assumptions.push_back(
            "energy: no current of this board is known; give one with --calibrate PJ_PER_CYCLE");
        return;
    }
    const SupplyPoint plain = supply != nullptr ? *supply : SupplyPoint{};
    SupplyPoint used = plain;
    if (!calibration.empty()) {
        if (calibration.ujPerInference) {
            expectOneNetwork(profile, "--calibrate per inference");
            fill(profile, plain);
        }
        used = calibrated(plain, calibration, inferenceMean(profile).energyUj, runSetting(profile));
    }
    fill(profile, used);
    if (supply != nullptr) {
        addSentences(profile, used, plain);
    }
}

bool isAtLeast(const Profile& profile) {
    return std::ranges::any_of(profile.powerStates,
                               [](const StateUse& use) { return use.cycles != 0 && !use.microamp; });
}

std::string totalEnergyText(const Profile& profile) {
    const ProfileTotals& totals = profile.totals;
    if (!isAtLeast(profile)) {
        return totals.energyUj > 0 ? fmt::format("{} ±{:.0f} %", humanEnergy(totals.energyUj), totals.energyBandPercent)
                                   : "";
    }
    return fmt::format("at least {}{}", humanEnergy(totals.energyLowUj.value_or(totals.energyUj)),
                       totals.energyHighUj ? fmt::format(", at most {}", humanEnergy(*totals.energyHighUj)) : "");
}

} // namespace simprof
