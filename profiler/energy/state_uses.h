// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"
#include "sim_core/machine_desc.h"

#include <string>
#include <vector>

namespace simprof {

/// The owner of the cycles in which the core waited.
inline constexpr const char* kSleepOwner = "[sleep]";

/// The states that a run was in, with their currents, longest first; then those that it could enter and never did.
/// Waits of which nothing is kept count like those that are.
std::vector<StateUse> stateUses(const Profile& profile, const SupplyPoint& supply);

/// What the core does between inferences, and why that is assumed.
struct Waiting {
    StateUse state;
    std::string why;
};

/// The state that the firmware waits in: of those it waited in the longest; when it never waits, the documented state
/// of least current that keeps its memory, which it would have to enter.
Waiting waitingState(const Profile& profile);

/// The state that the user names: "stop", "stop:Stop 2", "run"; throws Error that lists what there is.
Waiting waitingState(const Profile& profile, const std::string& named);

/// The state that inferences ran in.
StateUse runningState(const Profile& profile);

/// Energy of a state in microjoules; 0 where its current is unknown.
double energyOf(const StateUse& use, double volts);

/// "sleep (range 2) at 16 MHz", "stop (Stop 2)".
std::string describeState(const StateUse& use);

} // namespace simprof
