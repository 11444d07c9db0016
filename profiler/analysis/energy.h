// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"
#include "sim_core/machine_desc.h"

#include <optional>
#include <string>

namespace simprof {

/// The supply configuration with this name; the board's first when `name` is empty; throws Error that lists what there
/// is.
const SupplyPoint* chooseSupply(const BoardDesc& board, const std::string& name);

/// The part of a supply configuration that a profile keeps.
SupplyFigures supplyFigures(const SupplyPoint& supply);

/// Power in microwatts while running at `hertz`.
double runMicrowatts(const SupplyPoint& supply, double hertz);

/// Fills every energy figure of a profile whose cycles and times are known: V x I(clock) x time. `calibratePjPerCycle`,
/// one measurement of the user's board, replaces the running current of the table. `sleepUs` is the time asleep.
void addEnergy(Profile& profile, const SupplyPoint* supply, std::optional<double> calibratePjPerCycle);

} // namespace simprof
