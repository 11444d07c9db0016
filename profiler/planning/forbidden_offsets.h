// SPDX-License-Identifier: GPL-2.0-or-later
/// Which distances two buffers must not have, and how much memory a pair of them takes at least.
#pragma once
#include "profiler/planning/overlay_problem.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace simprof {

/// Distances [low, high], both multiples of the alignment.
struct OffsetRange {
    std::int64_t low = 0;
    std::int64_t high = 0;
    bool contains(std::int64_t distance) const { return low <= distance && distance <= high; }
    bool operator==(const OffsetRange&) const = default;
};

/// Forbidden distances in ascending order; between two ranges lies an allowed one.
using ForbiddenOffsets = std::vector<OffsetRange>;

/// Comparisons of bytes that may still be made to find allowed distances between the smallest and the largest forbidden
/// one; when they are used up, all of those count as forbidden.
struct HoleBudget {
    std::uint64_t comparisons = 1ULL << 30;
    bool isExhausted = false;
};

/// The distances offset(b) - offset(a), multiples of `alignment`, at which bytes with a common time would share memory.
/// The smallest and the largest take O(n log n).
ForbiddenOffsets forbiddenOffsets(const OverlayBuffer& a, const OverlayBuffer& b, Bytes alignment, HoleBudget& budget);

/// The least bytes from the lower begin to the higher end of two buffers of `sizeA` and `sizeB` at an allowed distance.
Bytes leastSpan(Bytes sizeA, Bytes sizeB, const ForbiddenOffsets& forbidden, Bytes alignment);

/// Buffers by their sizes, and for each of them those that it must keep its distance from.
struct OverlayConstraints {
    struct Neighbour {
        std::uint32_t other = 0;
        ForbiddenOffsets forbidden; ///< of offset(this) - offset(other)
    };
    std::vector<Bytes> sizes;
    std::vector<std::vector<Neighbour>> neighbours; ///< by buffer
    Bytes alignment = 1;
    bool isExact = true; ///< no allowed distance counts as forbidden

    std::size_t count() const { return sizes.size(); }
    /// The ranges of a pair as seen from `buffer`; null when they may lie anywhere.
    const ForbiddenOffsets* between(std::uint32_t buffer, std::uint32_t other) const;
    /// Replaces those of a pair, seen from `buffer`.
    void set(std::uint32_t buffer, std::uint32_t other, const ForbiddenOffsets& forbidden);
};

/// Of all pairs, which may take a while; nothing when the time expires.
std::optional<OverlayConstraints> constraintsOf(const OverlayProblem& problem, const std::function<bool()>& expired);

/// The largest buffer or pair at an allowed distance: no plan takes less.
Bytes largestSpan(const OverlayConstraints& constraints);

} // namespace simprof
