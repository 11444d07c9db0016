// SPDX-License-Identifier: GPL-2.0-or-later
/// Buffers over several memories: what is accessed most, for its size, in the first one.
#pragma once
#include "profiler/planning/problem.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace simprof {

/// Where a buffer lies: the memory, by its number, and the offset there.
struct SpreadPlace {
    std::size_t memory = 0;
    Bytes offset = 0;
};

/// Buffers over memories of given sizes.
struct SpreadPlan {
    std::vector<SpreadPlace> places;    ///< one a buffer
    std::vector<Bytes> peaks;           ///< one a memory: the end of its highest buffer
    std::vector<std::uint64_t> traffic; ///< one a memory: accesses to its buffers
};

/// Spreads the buffers of a problem over memories of these capacities, the fastest first: each memory takes what has
/// most accesses for its size (`traffic`, one a buffer) as long as a plan keeps its capacity, and exchanges one for
/// another while that moves accesses to it. A good plan, without a proof. Nothing when what is left does not fit into
/// the last memory. `seconds` bounds each plan.
std::optional<SpreadPlan> spread(const PlanningProblem& problem, const std::vector<std::uint64_t>& traffic,
                                 const std::vector<Bytes>& capacities, double seconds);

} // namespace simprof
