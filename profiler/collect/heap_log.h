// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace simprof {

/// What a function in progress has to do with the heap.
struct HeapCall {
    enum class Kind : std::uint8_t {
        None,
        Allocate,   ///< what it returns is a block of `size`
        Reallocate, ///< the same, in place of `block`
        Inside,     ///< an allocator, or works for one
    };
    Kind kind = Kind::None;
    std::uint32_t size = 0;
    Address block = 0;
};

/// A block that an allocator handed out.
struct RawHeapBlock {
    Address address = 0;
    Bytes size = 0;
    Cycles born = 0;
    Cycles died = 0;          ///< 0: it was not freed
    std::uint32_t caller = 0; ///< index into HeapLog::callers
    bool operator==(const RawHeapBlock&) const = default;
};

/// What one function allocated.
struct RawHeapCaller {
    Address entry = 0; ///< 0: those for which there was no room
    std::uint64_t allocations = 0;
    std::uint64_t failed = 0; ///< more, which got nothing
    std::uint64_t blocks = 0; ///< not freed
    Bytes bytes = 0;          ///< of all allocations
    Bytes liveBytes = 0;      ///< not freed
    std::uint64_t peakBlocks = 0;
    Bytes peakBytes = 0; ///< live at the peak of all callers together
    bool operator==(const RawHeapCaller&) const = default;
};

/// All allocations of a run: who made them, the first ones one by one, and how much was live.
struct HeapLog {
    std::vector<RawHeapCaller> callers;
    std::vector<RawHeapBlock> blocks;
    std::uint64_t blocksLeftOut = 0;            ///< from the list of blocks
    std::uint64_t untracked = 0;                ///< blocks of which it is not known whether they were freed
    std::vector<std::pair<Cycles, Bytes>> live; ///< after a change; where they were many, the most from then on
    Bytes peakBytes = 0;
    Cycles peakCycle = 0;
    std::set<std::string> allocators; ///< that were called, by name
};

} // namespace simprof
