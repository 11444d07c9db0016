// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/energy/calibration.h"

#include "profiler/energy/currents.h"
#include "profiler/text/quantity.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace simprof {

namespace {

constexpr const char* kAllowed = "--calibrate takes picojoules per cycle such as 374, energy such as 5.2mJ/inference, "
                                 "a running current such as 12mA@64MHz, or sleep=, stop= or standby=1.4mA";

Error refused(const std::string& text, const std::string& why) {
    return Error(fmt::format("{}; not '{}': {}", kAllowed, text, why));
}

double positive(const std::string& whole, std::string_view text, std::span<const UnitFactor> units, double most,
                const char* limit) {
    const auto value = quantityOf(text, units);
    if (!value) {
        throw refused(whole, fmt::format("'{}' is no number with one of the units {}", text, listOfUnits(units)));
    }
    if (!(*value > 0 && *value < most)) {
        throw refused(whole, fmt::format("it must be above 0 and below {}", limit));
    }
    return *value;
}

double microampOf(const std::string& whole, std::string_view text) {
    return positive(whole, text, kCurrentUnits, 1e7, "10 A");
}

/// What the figures of a supply are based on from now on.
void nameMeasured(SupplyPoint& supply, const std::string& what) {
    supply.name = fmt::format("{}calibrated to {}", supply.name.empty() ? "" : supply.name + ", ", what);
}

/// Rows of waiting states keep the band of the data sheet when the running core's becomes that of a measurement.
void keepWaitingBands(SupplyPoint& supply) {
    for (CurrentRow& row : supply.currents) {
        row.bandPercent = row.bandPercent > 0 ? row.bandPercent : supply.bandPercent;
    }
}

void setRun(SupplyPoint& supply, double microampPerMhz, const std::string& what) {
    keepWaitingBands(supply);
    std::erase_if(supply.currents, [](const CurrentRow& row) { return row.state == PowerState::Run; });
    supply.microampPerMhz = microampPerMhz;
    supply.microampFixed = 0;
    supply.bandPercent = kCalibratedBandPercent;
    supply.source += supply.source.empty() ? "calibrated" : "; running: calibrated";
    nameMeasured(supply, what);
}

void scaleRun(SupplyPoint& supply, double factor, const std::string& what) {
    keepWaitingBands(supply);
    for (CurrentRow& row : supply.currents) {
        if (row.state == PowerState::Run) {
            row.microamp *= factor;
            row.mostMicroamp = 0;
            row.bandPercent = kCalibratedBandPercent;
        }
    }
    supply.microampPerMhz *= factor;
    supply.microampFixed *= factor;
    supply.bandPercent = kCalibratedBandPercent;
    supply.source += "; running: calibrated";
    nameMeasured(supply, what);
}

} // namespace

void parseCalibration(const std::string& text, Calibration& calibration) {
    constexpr std::string_view kPerInference = "/inference", kPerCycle = "pJ/cycle";
    const std::string_view whole = text;
    if (const auto equals = whole.find('='); equals != std::string_view::npos && !whole.starts_with("run=")) {
        const auto state = valueNamed<PowerState>(whole.substr(0, equals));
        if (!state || *state == PowerState::Run) {
            throw refused(text, fmt::format("'{}' is no state in which a core waits", whole.substr(0, equals)));
        }
        if (!calibration.waiting.emplace(*state, microampOf(text, whole.substr(equals + 1))).second) {
            throw refused(text, "that state is given twice");
        }
        return;
    }
    if (calibration.measuresRun()) {
        throw refused(text, "a running core is measured once");
    }
    const std::string_view run = whole.starts_with("run=") ? whole.substr(4) : whole;
    if (const auto at = run.find('@'); at != std::string_view::npos) {
        calibration.running = {microampOf(text, run.substr(0, at)),
                               positive(text, run.substr(at + 1), kClockUnits, 1e10, "10 GHz") * 1e-6};
    } else if (run.ends_with(kPerInference)) {
        calibration.ujPerInference =
            positive(text, run.substr(0, run.size() - kPerInference.size()), kEnergyUnits, 1e12, "1 MJ");
    } else {
        std::string_view number = run;
        number.remove_suffix(number.ends_with(kPerCycle) ? kPerCycle.size() : 0);
        const auto value = quantityOf(number, kPlainNumber);
        if (!value) {
            throw refused(text, number.ends_with("A") ? "a running current needs its clock" : "that is no figure");
        }
        if (!(*value > 0 && *value < 1e9)) {
            throw refused(text, "it must be above 0 and below 1e9 pJ per cycle");
        }
        calibration.pjPerCycle = *value;
    }
}

SupplyPoint calibrated(SupplyPoint supply, const Calibration& calibration, double inferenceUj,
                       const std::string& runSetting) {
    const bool known = supply.volts > 0;
    if (!known && (calibration.running || !calibration.waiting.empty())) {
        throw Error("--calibrate with a current needs a supply voltage, and none is known of this board: give "
                    "picojoules per cycle, or a board file with a supply");
    }
    if (calibration.pjPerCycle) {
        supply.volts = known ? supply.volts : 1;
        setRun(supply, *calibration.pjPerCycle / supply.volts, // pJ per cycle = uW per MHz
               fmt::format("{} pJ per cycle", *calibration.pjPerCycle));
    } else if (calibration.running) {
        const Calibration::Running& run = *calibration.running;
        const Current documented = currentOf(supply, PowerState::Run, runSetting, run.megahertz);
        setRun(supply, run.microamp / run.megahertz,
               fmt::format("{:g} mA at {:g} MHz", run.microamp / 1000, run.megahertz));
        if (documented.microamp) {
            supply.source += fmt::format(", {:.0f} % {} than the documented {:g} mA ({})",
                                         100 * std::abs(run.microamp / *documented.microamp - 1),
                                         run.microamp < *documented.microamp ? "less" : "more",
                                         *documented.microamp / 1000, documented.source);
        }
    } else if (calibration.ujPerInference) {
        if (!(inferenceUj > 0)) {
            throw Error("--calibrate per inference needs an inference in the run and a board with a known current: "
                        "give picojoules per cycle instead");
        }
        scaleRun(supply, *calibration.ujPerInference / inferenceUj,
                 fmt::format("{:g} µJ an inference", *calibration.ujPerInference));
    }
    for (const auto& measured : calibration.waiting) {
        std::erase_if(supply.currents, [&](const CurrentRow& row) { return row.state == measured.first; });
        supply.currents.push_back(
            {measured.first, "", 0, measured.second, 0, kCalibratedBandPercent, "measured by the user"});
    }
    return supply;
}

} // namespace simprof
