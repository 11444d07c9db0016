// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/energy/balance.h"

#include <algorithm>

namespace simprof {

namespace {

constexpr double kSecondsPerHour = 3600;
constexpr double kHoursPerYear = 24 * 365.25;

} // namespace

double batteryDays(const Battery& battery, double microwatts) {
    const double wattHours = battery.milliampHours * battery.volts / 1000;
    const double selfDischarge = wattHours * 1e6 * battery.selfDischargePercentPerYear / 100 / kHoursPerYear;
    const double drain = microwatts + selfDischarge;
    return drain > 0 ? wattHours * battery.usablePercent / 100 * 1e6 / drain / 24 : 0;
}

double averageMicrowatts(double inferenceUj, double inferenceSeconds, double waitingMicrowatts, double periodSeconds) {
    return inferenceUj / periodSeconds + (1 - inferenceSeconds / periodSeconds) * waitingMicrowatts;
}

double affordablePerHour(double spareMicrowatts, double inferenceUj, double inferenceSeconds,
                         double waitingMicrowatts) {
    if (spareMicrowatts <= 0 || inferenceUj <= 0 || inferenceSeconds <= 0) {
        return 0;
    }
    const double mostPerHour = kSecondsPerHour / inferenceSeconds;
    const double extraUj = inferenceUj - waitingMicrowatts * inferenceSeconds;
    return extraUj <= 0 ? mostPerHour : std::min(mostPerHour, spareMicrowatts * kSecondsPerHour / extraUj);
}

double capacitorUj(double farads, double fromVolts, double toVolts) {
    return farads * (toVolts * toVolts - fromVolts * fromVolts) / 2 * 1e6;
}

} // namespace simprof
