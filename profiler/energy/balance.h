// SPDX-License-Identifier: GPL-2.0-or-later
/// The arithmetic of batteries and harvesters; powers in microwatts, energies in microjoules.
#pragma once

namespace simprof {

/// A cell as its data sheet and a measurement of its load describe it.
struct Battery {
    double milliampHours = 0;
    double volts = 0;
    double selfDischargePercentPerYear = 2;
    double usablePercent = 100; ///< of the capacity, before the voltage falls below what the device needs
    double cutOffVolts = 0;     ///< that voltage; 0: not looked at
    double ohms = 0;            ///< inner resistance, which the peak current drops voltage at
};

/// Days a battery lasts: self-discharge is a constant share of its capacity a year.
double batteryDays(const Battery& battery, double microwatts);

/// Average of one inference in each period, and waiting for the rest of it.
double averageMicrowatts(double inferenceUj, double inferenceSeconds, double waitingMicrowatts, double periodSeconds);

/// Inferences an hour that `spareMicrowatts`, what is left of a source when the core only waits, pay for; an inference
/// replaces that much waiting, and no more fit into an hour than back to back.
double affordablePerHour(double spareMicrowatts, double inferenceUj, double inferenceSeconds, double waitingMicrowatts);

/// Energy of a capacitor between two voltages.
double capacitorUj(double farads, double fromVolts, double toVolts);

} // namespace simprof
