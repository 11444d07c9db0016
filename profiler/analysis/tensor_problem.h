// SPDX-License-Identifier: GPL-2.0-or-later
/// A better place for the tensors of a run: the measured lives as planning problems.
#pragma once
#include "profiler/planning/overlay_problem.h"
#include "profiler/planning/problem.h"
#include "profiler/profile.h"

#include <vector>

namespace simprof {

/// The first network's blocks of the arena that do not persist, each alive from its first write to its last read, and
/// where they were.
struct TensorProblem {
    PlanningProblem problem;    ///< `id` is the place among the profile's tensors; at an alignment of 16 bytes
    std::vector<Bytes> offsets; ///< of the runtime's own plan, above the lowest block
};

/// Throws Error when the profile has no such blocks.
TensorProblem tensorProblem(const Profile& profile);

/// Whether the profile holds the lives of single bytes of these blocks.
bool hasByteLives(const Profile& profile, const TensorProblem& tensors);

/// The same blocks with the lives of their bytes; throws Error when the profile does not hold them.
OverlayProblem overlayProblem(const Profile& profile, const TensorProblem& tensors);

} // namespace simprof
