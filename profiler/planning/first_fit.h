// SPDX-License-Identifier: GPL-2.0-or-later
/// Plans that are quickly found: one buffer after the other, each at the lowest place that is left.
#pragma once
#include "profiler/planning/timeline.h"

#include <functional>
#include <vector>

namespace simprof {

/// Offsets of the items of a timeline, and the end of the highest.
struct Placement {
    std::vector<Bytes> offsets;
    Bytes peak = 0;
};

/// The best of first fit in several orders. Where `expired` ends it, it is still a plan: the longest lives first, each
/// on top of all that was placed in its time, takes O(n log n).
Placement firstFit(const Timeline& timeline, const std::function<bool()>& expired);

} // namespace simprof
