// SPDX-License-Identifier: GPL-2.0-or-later
/// Planning problems: buffers with known lives, to be placed in as little memory as possible.
#pragma once
#include "sim_core/units.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace simprof {

/// A buffer that lives in [lower, upper); times are of any unit, as long as it is one for the whole problem.
struct PlannedBuffer {
    std::uint64_t id = 0;
    std::uint64_t lower = 0;
    std::uint64_t upper = 0; ///< above `lower`
    Bytes size = 0;          ///< at least 1

    bool overlaps(const PlannedBuffer& other) const { return lower < other.upper && other.lower < upper; }
};

/// Buffers to be placed; those that live at the same time must not share bytes.
struct PlanningProblem {
    std::vector<PlannedBuffer> buffers;
    Bytes alignment = 1; ///< each offset is a multiple of it
};

/// Where planning may stop before the best plan is found and proved.
struct PlanLimits {
    std::optional<Bytes> capacity = {}; ///< enough: a plan that takes no more; nothing: as little as possible
    double seconds = 10;                ///< of time on the wall
};

/// Why planning stopped.
enum class PlanEnd : std::uint8_t {
    Optimal,            ///< no plan takes less: the peak equals the lower bound
    CapacityMet,        ///< the capacity asked for is kept; less may be possible
    CapacityImpossible, ///< no plan keeps the capacity
    TimeLimit,
    TooLarge,    ///< too many buffers live at the same time for the exact search
    SearchLimit, ///< all decisions of the exact search have been used
};

/// Where each buffer lies.
struct MemoryPlan {
    std::vector<Bytes> offsets; ///< one a buffer of the problem
    Bytes peak = 0;             ///< the end of the highest buffer
    Bytes lowerBound = 0;       ///< no plan takes less
    PlanEnd end = PlanEnd::Optimal;
    std::uint64_t nodes = 0; ///< decisions of the exact search

    bool isOptimal() const { return peak == lowerBound; }
};

/// The end of the highest buffer when they lie at `offsets`.
Bytes peakOf(const PlanningProblem& problem, const std::vector<Bytes>& offsets);

/// Two buffers, by place in the problem, that live at the same time and share bytes.
struct BufferClash {
    std::size_t first = 0;
    std::size_t second = 0;
};

/// Replays the plan over time: each buffer takes its bytes when its life begins and gives them back when it ends. The
/// first clash, or nothing when the plan is valid.
std::optional<BufferClash> findClash(const PlanningProblem& problem, const std::vector<Bytes>& offsets);

} // namespace simprof
