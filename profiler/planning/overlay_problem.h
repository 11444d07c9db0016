// SPDX-License-Identifier: GPL-2.0-or-later
/// Planning byte by byte: a buffer may lie over bytes of another one that are not needed any more, or not yet.
#pragma once
#include "profiler/planning/problem.h"
#include "sim_core/units.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace simprof {

/// A byte is needed from its first through its last access. Accesses are numbered in order; two lives that have a
/// number in common must not share a byte of memory. A byte whose first comes after its last is never needed.
struct ByteSpan {
    std::uint32_t first = 1;
    std::uint32_t last = 0;

    bool isNeeded() const { return first <= last; }
    bool meets(const ByteSpan& other) const { return std::max(first, other.first) <= std::min(last, other.last); }
    bool operator==(const ByteSpan&) const = default;
};

/// A buffer and the lives of its bytes.
struct OverlayBuffer {
    std::uint64_t id = 0;
    std::vector<ByteSpan> bytes; ///< at least one
};

/// Buffers to be placed.
struct OverlayProblem {
    std::vector<OverlayBuffer> buffers;
    Bytes alignment = 1; ///< each offset is a multiple of it
};

/// The end of the highest buffer when they lie at `offsets`.
Bytes peakOf(const OverlayProblem& problem, const std::vector<Bytes>& offsets);

/// The most bytes that are needed at once: no plan takes less. Takes O(n log n) of all bytes, as the replay does.
Bytes mostLiveBytes(const OverlayProblem& problem);

/// A byte that another buffer has taken before its last access.
struct Overwrite {
    std::size_t victim = 0; ///< by place in the problem
    Bytes byte = 0;         ///< of the victim
    std::size_t by = 0;
    std::uint32_t at = 0; ///< number of the access that finds it
};

/// Replays the accesses on memory laid out by the plan: the first access takes the byte, and at the last it must still
/// be there. The first byte that is not, or nothing when the plan is valid.
std::optional<Overwrite> findOverwrite(const OverlayProblem& problem, const std::vector<Bytes>& offsets);

} // namespace simprof
