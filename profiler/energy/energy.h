// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/energy/calibration.h"
#include "profiler/profile.h"
#include "sim_core/machine_desc.h"

#include <string>

namespace simprof {

/// The supply configuration with this name; when `name` is empty the board's first that holds with the power
/// controller at `runSetting` ("": not known); throws Error that lists what there is. nullptr: the board has none.
const SupplyPoint* chooseSupply(const BoardDesc& board, const std::string& name, const std::string& runSetting = "");

/// The part of a supply configuration that a profile keeps.
SupplyFigures supplyFigures(const SupplyPoint& supply);

/// What the power controller was programmed to during the first inference, or at the end without one.
std::string runSetting(const Profile& profile);

/// Fills every energy figure of a profile whose cycles, times and power states are known: V x I(state, setting, clock)
/// x time. Time in states without a known current is left out of the sums, which then say at least. What an earlier
/// call filled in is replaced.
void addEnergy(Profile& profile, const SupplyPoint* supply, const Calibration& calibration);

/// Whether time was spent in a state whose current is unknown, so that the sums leave it out.
bool isAtLeast(const Profile& profile);

/// "2.43 mJ ±20 %", "at least 141 µJ, at most 9.1 mJ"; "" when nothing is known.
std::string totalEnergyText(const Profile& profile);

} // namespace simprof
