// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <functional>
#include <string>
#include <vector>

namespace simprof {

/// A figure that somebody measured on a board, beside what its run says of the same thing.
struct Measurement {
    std::string what;       ///< "kws.simprof, layer 3 CONV_2D"
    std::string value;      ///< as it was written
    double cycles = 0;      ///< of the running core
    double microjoules = 0; ///< in those cycles
};

/// Energy in proportion to the cycles of the running core.
struct EnergyFit {
    std::string board, supply; ///< of the runs
    double volts = 0;
    double pjPerCycle = 0;      ///< with the least sum of squared relative errors
    double meanPercent = 0;     ///< of the absolute errors
    double worstPercent = 0;    ///< the largest of them
    std::vector<double> errors; ///< percent, the fit's figure against the measured one; by measurement
    std::vector<Measurement> measurements;
};

/// Fits what a CSV file says. Its first line is "run,part,measured"; `run` is a firmware or a profile that `profileOf`
/// gives; `part` is "inference", "layer N" (both with an energy of one inference, as 5.2mJ) or "running" (with a
/// current, as 12mA). Throws Error with the line and what is wrong there: a unit that is missing, a layer or an
/// inference that the run has not, runs on different boards or supplies.
EnergyFit fitEnergy(const std::string& csv, const std::function<const Profile&(const std::string& run)>& profileOf);

} // namespace simprof
