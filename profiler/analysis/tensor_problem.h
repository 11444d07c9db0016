// SPDX-License-Identifier: GPL-2.0-or-later
/// A better place for the tensors of a run: the measured lives as a planning problem.
#pragma once
#include "profiler/planning/problem.h"
#include "profiler/profile.h"

#include <vector>

namespace simprof {

/// The first network's blocks that do not persist, each alive from its first write to its last read, and where they
/// were.
struct TensorProblem {
    PlanningProblem problem;    ///< `id` is the place among the profile's tensors; at an alignment of 16 bytes
    std::vector<Bytes> offsets; ///< of the runtime's own plan, above the lowest block
};

/// Throws Error when the profile has no such blocks.
TensorProblem tensorProblem(const Profile& profile);

} // namespace simprof
