// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/analysis/inference_mean.h"
#include "profiler/energy/balance.h"
#include "profiler/energy/state_uses.h"
#include "profiler/profile.h"

#include <optional>
#include <string>
#include <vector>

namespace simprof {

/// A figure with its band.
struct Banded {
    double value = 0;
    double low = 0;
    std::optional<double> high; ///< nothing: no bound is known
};

/// A capacitor between harvester and device.
struct Storage {
    double farads = 0;
    double lowVolts = 0;  ///< below which the device does not run
    double highVolts = 0; ///< to which it is charged
    double leakageMicroamp = 0;
};

/// What harvests, and what stands between it and the device.
struct Harvest {
    double microwatts = 0;
    double startUpMicrowatts = 0; ///< below which the converter delivers nothing
    double efficiencyPercent = 100;
};

/// What is asked of a run's energy.
struct EnergyQuestion {
    std::optional<double> periodSeconds; ///< one inference in this time
    std::string between;                 ///< state between inferences, see waitingState(); "" chooses
    double otherMicrowatts = 0;          ///< sensors and radio, all the time
    std::optional<Battery> battery;
    std::optional<Harvest> harvest;
    std::optional<Storage> storage;
};

/// What follows from it; each figure as far as it was asked for and is known.
struct EnergyAnswer {
    InferenceMean inference; ///< without inferences its time is 0
    Banded inferenceUj;
    Banded runMicroamp; ///< average over the whole run
    StateUse running;
    Waiting waiting;
    double volts = 0;
    Banded peakMicroamp; ///< of the states the run was in
    std::optional<double> dutyPercent;
    std::optional<Banded> averageMicrowatts;
    std::optional<Banded> batteryDays;
    std::optional<Banded> affordablePerHour;
    std::optional<Banded> storageSeconds; ///< that a full capacitor alone carries the period
    std::vector<std::string> sentences{}; ///< what the figures do not say
};

/// Throws Error, one sentence with limit and value, for what makes no sense: an inference longer than its period, a
/// profile without inference or current.
EnergyAnswer answerEnergy(const Profile& profile, const EnergyQuestion& question);

} // namespace simprof
