// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/machine_desc.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace simprof {

/// What the user measured of a board, in place of the figures of its supply.
struct Calibration {
    /// A running current at one clock.
    struct Running {
        double microamp = 0;
        double megahertz = 0;
    };
    std::optional<double> pjPerCycle;
    std::optional<double> ujPerInference;
    std::optional<Running> running;
    std::map<PowerState, double> waiting; ///< microamperes of sleep, stop and standby

    bool empty() const { return !measuresRun() && waiting.empty(); }
    bool measuresRun() const { return pjPerCycle || ujPerInference || running; }
};

/// How far a board's pJ per cycle of one network is from that of another one: of 204 pairs within 18 submissions to
/// MLPerf Tiny v0.5 to v1.3 (energy traces), nine of ten are within 9.1 %, the worst is 13.2 % off.
inline constexpr double kCalibratedBandPercent = 10;

/// Reads one --calibrate into `calibration`: "374" and "374pJ/cycle", "5.2mJ/inference", "12mA@64MHz",
/// "sleep=1.4mA"; throws Error with what is allowed.
void parseCalibration(const std::string& text, Calibration& calibration);

/// The supply with what was measured; `inferenceUj` is the mean energy of an inference by the supply as it is, which
/// a calibration per inference scales; `runSetting` is what the power controller was programmed to, for the sentence
/// that compares a measured current with the documented one. Throws Error when that is needed and 0, or a voltage is
/// needed and unknown.
SupplyPoint calibrated(SupplyPoint supply, const Calibration& calibration, double inferenceUj,
                       const std::string& runSetting = "");

} // namespace simprof
