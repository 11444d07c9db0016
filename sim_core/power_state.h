// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/names.h"
#include "sim_core/units.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace simprof {

/// What the core does, as far as its supply current follows it: it runs, waits with its clock stopped (WFI), or waits
/// with SLEEPDEEP in what the power controller makes of that.
enum class PowerState : std::uint8_t { Run, Sleep, Stop, Standby };
inline constexpr std::array<NameRow<PowerState>, 4> kPowerStates = {{{PowerState::Run, "run"},
                                                                     {PowerState::Sleep, "sleep"},
                                                                     {PowerState::Stop, "stop"},
                                                                     {PowerState::Standby, "standby"}}};
constexpr std::span<const NameRow<PowerState>> namesOf(PowerState) { return kPowerStates; }

/// What the firmware has programmed the power controller to, in the words of its manual.
struct PowerSetting {
    std::string run;                    ///< regulator and voltage range: "range 2", "DC/DC"; "" where there is one only
    PowerState deep = PowerState::Stop; ///< what SLEEPDEEP leads to
    std::string deepMode;               ///< "Stop 2"; "" where there is one only
    bool operator==(const PowerSetting&) const = default;
};

/// The power controller was programmed anew.
struct PowerChange {
    Cycles cycle = 0;
    PowerSetting setting;
};

} // namespace simprof
