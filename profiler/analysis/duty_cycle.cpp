// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/duty_cycle.h"

#include "profiler/analysis/inference_mean.h"

#include <algorithm>

namespace simprof {

namespace {

constexpr double kSecondsPerHour = 3600;
constexpr double kHoursPerYear = 24 * 365.25;

/// Days a battery lasts: self-discharge is a constant share of its capacity a year.
double batteryDays(const DutyInputs& in, double microwatts) {
    const double wattHours = in.batteryMilliampHours * in.batteryVolts / 1000;
    const double selfDischargeMicrowatts = wattHours * 1e6 * in.selfDischargePercentPerYear / 100 / kHoursPerYear;
    const double drain = microwatts + selfDischargeMicrowatts;
    return drain > 0 ? wattHours * 1e6 / drain / 24 : 0;
}

double affordable(const DutyInputs& in, double energyUj, double seconds, double mostPerHour) {
    const double spare = in.harvesterMicrowatts - in.otherMicrowatts - in.sleepMicrowatts;
    const double extraUj = energyUj - in.sleepMicrowatts * seconds; // an inference replaces that much sleep
    if (spare <= 0 || energyUj <= 0) {
        return 0;
    }
    return extraUj <= 0 ? mostPerHour : std::min(mostPerHour, spare * kSecondsPerHour / extraUj);
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
        cost.sleepMicrowatts = supply->stopMicroamp * supply->volts;
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
        return perHour * energyUj / kSecondsPerHour + (1 - active) * in.sleepMicrowatts + in.otherMicrowatts;
    };
    const double band = cost.bandPercent / 100;
    out.averageMicrowatts = average(out.energyPerInferenceUj);
    out.batteryDays = batteryDays(in, out.averageMicrowatts);
    out.batteryDaysLow = batteryDays(in, average(out.energyPerInferenceUj * (1 + band)));
    out.batteryDaysHigh = batteryDays(in, average(out.energyPerInferenceUj * (1 - band)));
    const auto affords = [&](double factor) {
        return affordable(in, out.energyPerInferenceUj * factor, out.secondsPerInference, out.mostPerHour);
    };
    out.affordablePerHour = affords(1);
    out.affordableLow = affords(1 + band);
    out.affordableHigh = affords(1 - band);
    return out;
}

} // namespace simprof
