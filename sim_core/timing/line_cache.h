// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <vector>

namespace simprof {

/// The lines of a flash interface's cache: LRU, any associativity, filled by units (what one array read brings).
/// Unit numbers count from the memory's first byte.
class LineCache {
public:
    LineCache() = default;
    /// `ways` 0: fully associative. At most 2048 lines.
    LineCache(unsigned lines, unsigned ways, unsigned lineBytes, unsigned unitBytes, std::uint64_t memoryBytes);

    bool present() const { return !m_slots.empty(); }
    bool contains(std::uint32_t unit) const {
        const Slot* slot = find(unit);
        return slot && (slot->valid >> (unit & m_unitMask) & 1);
    }
    /// Makes the line of `unit` the most recently used; false: the unit is not there.
    bool touch(std::uint32_t unit) {
        const Slot* slot = find(unit);
        if (!slot || !(slot->valid >> (unit & m_unitMask) & 1))
            return false;
        m_slots[static_cast<std::size_t>(slot - m_slots.data())].stamp = ++m_clock;
        return true;
    }
    void fill(std::uint32_t unit);
    void clear();

private:
    static constexpr std::uint16_t kNone = 0xFFFF;
    struct Slot {
        std::uint64_t stamp = 0;
        std::uint32_t line = 0;
        std::uint32_t valid = 0; ///< a bit per unit
    };
    const Slot* find(std::uint32_t unit) const {
        const std::uint32_t line = unit >> m_unitShift;
        if (line >= m_slotOf.size())
            return nullptr;
        const std::uint16_t slot = m_slotOf[line];
        return slot == kNone ? nullptr : &m_slots[slot];
    }

    unsigned m_ways = 1;
    unsigned m_sets = 1;
    unsigned m_unitShift = 0; ///< units per line are a power of two
    std::uint32_t m_unitMask = 0;
    std::uint64_t m_clock = 0;
    std::vector<Slot> m_slots;           ///< set by set
    std::vector<std::uint16_t> m_slotOf; ///< by line of the memory
};

} // namespace simprof
