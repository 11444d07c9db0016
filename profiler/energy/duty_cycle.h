// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

namespace simprof {

/// What a device does around its inferences; the user's side of the calculator.
struct DutyInputs {
    double inferencesPerHour = 60;
    double clockMhz = 0;        ///< 0: as measured
    double sleepMicrowatts = 0; ///< between inferences
    double otherMicrowatts = 0; ///< sensors and radio, all the time
    double batteryMilliampHours = 220;
    double batteryVolts = 3;
    double selfDischargePercentPerYear = 2;
    double harvesterMicrowatts = 50;
};

/// What follows from it.
struct DutyAnswer {
    double secondsPerInference = 0;
    double energyPerInferenceUj = 0;
    double averageMicrowatts = 0;
    double activePercent = 0; ///< share of the time awake
    double batteryDays = 0;
    double batteryDaysLow = 0; ///< with the energy band against, and for
    double batteryDaysHigh = 0;
    double affordablePerHour = 0; ///< inferences per hour that the harvester alone pays for
    double affordableLow = 0;
    double affordableHigh = 0;
    double mostPerHour = 0; ///< back to back
    bool tooMany = false;   ///< more inferences than fit into an hour
};

/// What one inference takes as measured, and how its energy follows the clock.
struct InferenceCost {
    double cycles = 0;
    double clockMhz = 0;
    double energyUj = 0;
    double bandPercent = 0;
    double fixedMicrowatts = 0; ///< the part of the run power that does not depend on the clock
    double sleepMicrowatts = 0; ///< of the state the firmware waits in, see waitingState(); 0 when unknown
    double maxClockMhz = 0;
    double volts = 0;
};

/// The mean inference of a profile and the supply its figures assume; zero when it has no inferences.
InferenceCost inferenceCost(const Profile& profile);

/// Energy, battery life and what a harvester affords. Cycles are kept when the clock changes (wait states are not
/// re-simulated).
DutyAnswer calculateDuty(const InferenceCost& cost, const DutyInputs& inputs);

} // namespace simprof
