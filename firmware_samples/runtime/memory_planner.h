// SPDX-License-Identifier: GPL-2.0-or-later
// Places buffers of known size and life in one block of memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace simprof::runtime {

/// PlannedBuffer::offset of a buffer that the planner places.
constexpr std::int32_t kAnywhere = -1;

/// A buffer that lives from step `first` through step `last`.
struct PlannedBuffer {
    std::int32_t size;
    std::int16_t first;
    std::int16_t last;
    std::int32_t offset; ///< where it must lie, or kAnywhere; then the result
    void** owner;        ///< where the caller wants the address; not read by the planner
};

/// Greedy by size: the largest first (of equals the later), each at the lowest offset that is free throughout its life.
/// Those that lie somewhere already are not asked whether they clash. Sizes must be multiples of the alignment wanted.
/// `order` has room for `count` numbers. Returns the bytes needed.
std::size_t planGreedily(PlannedBuffer* buffers, std::int32_t count, std::int16_t* order);

} // namespace simprof::runtime
