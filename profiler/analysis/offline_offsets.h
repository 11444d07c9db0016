// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/analysis/run_plan.h"
#include "profiler/network/network.h"

#include <cstdint>
#include <vector>

namespace simprof {

/// The planned offset of each tensor of the network, as withOfflinePlan() takes them: of the plan byte by byte where
/// there is one. Tensors are found by name and operator; those that the run did not place are left to the interpreter,
/// as is scratch. Throws Error when the profile is of another network.
std::vector<std::int32_t> offlineOffsets(const Network& network, const Profile& profile, const RunPlan& plan);

} // namespace simprof
