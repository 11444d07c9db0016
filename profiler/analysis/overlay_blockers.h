// SPDX-License-Identifier: GPL-2.0-or-later
/// Which operators keep the memory of a network from being planned smaller, byte by byte.
#pragma once
#include "profiler/planning/forbidden_offsets.h"
#include "profiler/profile.h"

#include <functional>
#include <vector>

namespace simprof {

/// An operator that needs its input longer than one that uses it up as fast as it writes its output.
struct OverlayBlocker {
    std::int32_t layer = 0;
    std::size_t input = 0; ///< into ProfileMemory::tensors
    std::size_t output = 0;
    Bytes heldBytes = 0;  ///< of the input, needed when half of the output's bytes have been written
    Bytes frees = 0;      ///< at least, if this operator used its input up evenly
    bool isGroup = false; ///< it is one of several that free so much only together
};

/// Those that free something, the one that frees most first; where none does alone, those that do together. `peak` is
/// that of the plan. Tries up to 16 operators.
std::vector<OverlayBlocker> overlayBlockers(const Profile& profile, const OverlayProblem& problem,
                                            const OverlayConstraints& constraints, const MemoryPlan& plan,
                                            const std::function<bool()>& expired);

} // namespace simprof
