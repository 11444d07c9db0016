// SPDX-License-Identifier: GPL-2.0-or-later
/// Numbers with units as people type them.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace simprof {

/// A unit and what it is in the base unit of its table.
struct UnitFactor {
    std::string_view name;
    double factor = 1;
};

inline constexpr std::array<UnitFactor, 1> kPlainNumber = {{{"", 1}}};
inline constexpr std::array<UnitFactor, 5> kCurrentUnits = {
    {{"nA", 1e-3}, {"uA", 1}, {"µA", 1}, {"mA", 1e3}, {"A", 1e6}}}; ///< in microamperes
inline constexpr std::array<UnitFactor, 6> kEnergyUnits = {
    {{"pJ", 1e-6}, {"nJ", 1e-3}, {"uJ", 1}, {"µJ", 1}, {"mJ", 1e3}, {"J", 1e6}}}; ///< in microjoules
inline constexpr std::array<UnitFactor, 5> kPowerUnits = {
    {{"nW", 1e-3}, {"uW", 1}, {"µW", 1}, {"mW", 1e3}, {"W", 1e6}}}; ///< in microwatts
inline constexpr std::array<UnitFactor, 4> kClockUnits = {
    {{"kHz", 1e3}, {"MHz", 1e6}, {"GHz", 1e9}, {"Hz", 1}}}; ///< in hertz
inline constexpr std::array<UnitFactor, 8> kTimeUnits = {{{"us", 1e-6},
                                                          {"µs", 1e-6},
                                                          {"ms", 1e-3},
                                                          {"min", 60},
                                                          {"s", 1},
                                                          {"m", 60},
                                                          {"h", 3600},
                                                          {"d", 86400}}}; ///< in seconds
inline constexpr std::array<UnitFactor, 5> kCapacitanceUnits = {
    {{"nF", 1e-9}, {"uF", 1e-6}, {"µF", 1e-6}, {"mF", 1e-3}, {"F", 1}}};                ///< in farads
inline constexpr std::array<UnitFactor, 2> kVoltageUnits = {{{"mV", 1e-3}, {"V", 1}}};  ///< in volts
inline constexpr std::array<UnitFactor, 2> kChargeUnits = {{{"mAh", 1}, {"Ah", 1000}}}; ///< in milliampere-hours

/// "1.4mA" with kCurrentUnits is 1400; the number must be finite and one of the units must follow it. The first unit
/// that fits counts: longer names come first in a table.
std::optional<double> quantityOf(std::string_view text, std::span<const UnitFactor> units);

/// "nA, uA, µA, mA, A".
std::string listOfUnits(std::span<const UnitFactor> units);

} // namespace simprof
