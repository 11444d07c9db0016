// SPDX-License-Identifier: GPL-2.0-or-later
/// Which decoded access each recorded one is: the one rule for timing, device accesses and faults.
#pragma once
#include "sim_core/access.h"
#include "sim_core/decode/decoder.h"

#include <span>

namespace simprof {

/// Gives each slot its access in order, by kind and size; slots of predicated instructions and failed STREX may have
/// none. `accesses` may end before the block does. Calls `each(slot, access)` in program order, with null for those
/// without one. An access that fits no slot left is not matched, nor are those behind it, unless there are as many
/// accesses as slots left.
template<class Each>
void matchAccesses(const Block& block, std::span<const Access> accesses, Each&& each) {
    const std::size_t slots = block.slots.size();
    std::size_t next = 0;
    for (std::size_t slot = 0; slot < slots; ++slot) {
        const AccessSlot& wanted = block.slots[slot];
        const bool all = accesses.size() - next >= slots - slot;
        const bool present = next < accesses.size() &&
                             (all || (accesses[next].size == wanted.size && accesses[next].write == wanted.write));
        each(slot, present ? &accesses[next++] : nullptr);
    }
}

/// The slot behind the last access that was matched: 0 when none was, Block::slots.size() behind the last.
inline std::size_t slotBehind(const Block& block, std::span<const Access> done) {
    std::size_t behind = 0;
    matchAccesses(block, done, [&behind](std::size_t slot, const Access* access) {
        behind = access != nullptr ? slot + 1 : behind;
    });
    return behind;
}

} // namespace simprof
