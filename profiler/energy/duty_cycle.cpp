// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/energy/duty_cycle.h"

#include "profiler/analysis/inference_mean.h"
#include "profiler/energy/balance.h"
#include "profiler/energy/state_uses.h"

#include <algorithm>

namespace simprof {

namespace {

constexpr double kSecondsPerHour = 3600;

Battery batteryOf(const DutyInputs& in) {
    Battery battery;
    battery.milliampHours = in.batteryMilliampHours;
    battery.volts = in.batteryVolts;
    battery.selfDischargePercentPerYear = in.selfDischargePercentPerYear;
    return battery;
}

} // namespace

InferenceCost inferenceCost(const Profile& profile) {
    InferenceCost cost;
    const InferenceMean mean = inferenceMean(profile);
    cost.cycles = mean.cycles;
    cost.energyUj = mean.energyUj;
    cost.clockMhz = mean.timeUs > 0 ? mean.cycles / mean.timeUs : static_cast<double>(profile.board.clockHz) / 1e6;
    cost.bandPercent = profile.totals.energyBandPercent;
    cost.maxClockMhz = std::max(cost.clockMhz, static_cast<double>(profile.board.maxClockHz) / 1e6);
    if (const auto& supply = profile.board.supplyFigures) {
        cost.volts = supply->volts;
        cost.sleepMicrowatts =
            (profile.powerStates.empty() ? supply->stopMicroamp : waitingState(profile).state.microamp).value_or(0) *
            supply->volts;
        cost.fixedMicrowatts = supply->runMicroamp * supply->volts;
    }
    return cost;
}

DutyAnswer calculateDuty(const InferenceCost& cost, const DutyInputs& in) {
    DutyAnswer out;
    const double clock = in.clockMhz > 0 ? in.clockMhz : cost.clockMhz;
    if (clock <= 0 || cost.cycles <= 0) {
        return out;
    }
    const double measuredSeconds = cost.cycles / (cost.clockMhz * 1e6);
    out.secondsPerInference = cost.cycles / (clock * 1e6);
    // Dynamic energy goes with the cycles, the fixed part of the power with the time.
    const double fixedUj = std::min(cost.energyUj, cost.fixedMicrowatts * measuredSeconds);
    out.energyPerInferenceUj = cost.energyUj - fixedUj + cost.fixedMicrowatts * out.secondsPerInference;
    out.mostPerHour = kSecondsPerHour / out.secondsPerInference;
    out.tooMany = in.inferencesPerHour > out.mostPerHour;
    const double perHour = std::min(in.inferencesPerHour, out.mostPerHour);
    const double active = perHour * out.secondsPerInference / kSecondsPerHour;
    out.activePercent = 100 * active;
    const auto average = [&](double energyUj) {
        const double period = perHour > 0 ? kSecondsPerHour / perHour : 0;
        const double own = period > 0 ? averageMicrowatts(energyUj, out.secondsPerInference, in.sleepMicrowatts, period)
                                      : in.sleepMicrowatts;
        return own + in.otherMicrowatts;
    };
    const Battery battery = batteryOf(in);
    const double band = cost.bandPercent / 100;
    out.averageMicrowatts = average(out.energyPerInferenceUj);
    out.batteryDays = batteryDays(battery, out.averageMicrowatts);
    out.batteryDaysLow = batteryDays(battery, average(out.energyPerInferenceUj * (1 + band)));
    out.batteryDaysHigh = batteryDays(battery, average(out.energyPerInferenceUj * (1 - band)));
    const double spare = in.harvesterMicrowatts - in.otherMicrowatts - in.sleepMicrowatts;
    const auto affords = [&](double factor) {
        return affordablePerHour(spare, out.energyPerInferenceUj * factor, out.secondsPerInference, in.sleepMicrowatts);
    };
    out.affordablePerHour = affords(1);
    out.affordableLow = affords(1 + band);
    out.affordableHigh = affords(1 - band);
    return out;
}

} // namespace simprof
