// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace simprof {

/// The lines of a flash interface's cache: LRU, any associativity, filled by units (what one array read brings).
/// Unit numbers count from the memory's first byte.
class LineCache {
    static constexpr std::uint16_t kNone = 0xFFFF;
    struct Slot {
        std::uint32_t line = 0;
        std::uint32_t valid = 0; ///< a bit per unit
    };

public:
    LineCache() = default;
    /// `ways` 0: fully associative. At most 2048 lines.
    LineCache(unsigned lines, unsigned ways, unsigned lineBytes, unsigned unitBytes, std::uint64_t memoryBytes);

    bool present() const { return !m_slots.empty(); }
    bool contains(std::uint32_t unit) const { return (valid(unit >> m_unitShift) >> (unit & m_unitMask) & 1) != 0; }
    /// A bit for each of `count` (at most 64) units from `first` on that is not there.
    std::uint64_t missing(std::uint32_t first, std::uint32_t count) const {
        std::uint64_t mask = 0;
        for (std::uint32_t done = 0; done < count;) {
            const std::uint32_t unit = first + done, inLine = unit & m_unitMask;
            const std::uint32_t here = m_unitMask + 1 - inLine < count - done ? m_unitMask + 1 - inLine : count - done;
            const std::uint64_t absent =
                ~std::uint64_t{valid(unit >> m_unitShift) >> inLine} & ((std::uint64_t{1} << here) - 1);
            mask |= absent << done;
            done += here;
        }
        return mask;
    }
    /// Makes the line of `unit` the most recently used; false: the unit is not there.
    bool touch(std::uint32_t unit) {
        const std::uint32_t line = unit >> m_unitShift;
        if (line >= m_slotOf.size()) {
            return false;
        }
        const std::uint16_t slot = m_slotOf[line];
        if (slot == kNone || (m_slots[slot].valid >> (unit & m_unitMask) & 1) == 0) {
            return false;
        }
        m_stamps[slot] = ++m_clock;
        return true;
    }
    void fill(std::uint32_t unit);
    void clear();
    /// The slots of the lines with `count` units from `first` on, one after another; of no use where a line is absent.
    void slots(std::uint32_t first, std::uint32_t count, std::vector<std::uint16_t>& out) const {
        out.clear();
        for (std::uint32_t line = first >> m_unitShift; line <= (first + count - 1) >> m_unitShift; ++line) {
            out.push_back(line < m_slotOf.size() ? m_slotOf[line] : kNone);
        }
    }
    /// How many lines lie from `first` on in `count` units.
    std::uint32_t linesOf(std::uint32_t first, std::uint32_t count) const {
        return count == 0 ? 0 : ((first + count - 1) >> m_unitShift) - (first >> m_unitShift) + 1;
    }
    /// The lines of these slots are used one after another.
    void touch(std::span<const std::uint16_t> slots) {
        std::uint64_t* const stamps = m_stamps.data();
        std::uint64_t clock = m_clock;
        for (const std::uint16_t slot : slots) {
            stamps[slot] = ++clock;
        }
        m_clock = clock;
    }
    /// Uses of single units one after another, with what they need of the cache at hand; the cache learns of them when
    /// this goes.
    class Uses {
    public:
        explicit Uses(LineCache& cache)
            : m_cache(cache)
            , m_slotOf(cache.m_slotOf)
            , m_slots(cache.m_slots.data())
            , m_stamps(cache.m_stamps.data())
            , m_unitShift(cache.m_unitShift)
            , m_unitMask(cache.m_unitMask)
            , m_clock(cache.m_clock) {}
        ~Uses() { m_cache.m_clock = m_clock; }
        Uses(const Uses&) = delete;
        Uses& operator=(const Uses&) = delete;

        /// Makes the line of `unit` the most recently used; false: the unit was not there, and is now.
        bool use(std::uint32_t unit) {
            const std::uint32_t line = unit >> m_unitShift;
            const std::uint16_t slot = line < m_slotOf.size() ? m_slotOf[line] : kNone;
            if (slot != kNone && (m_slots[slot].valid >> (unit & m_unitMask) & 1) != 0) {
                m_stamps[slot] = ++m_clock;
                return true;
            }
            m_cache.m_clock = m_clock;
            m_cache.fill(unit);
            m_clock = m_cache.m_clock;
            return false;
        }
        std::uint64_t clock() const { return m_clock; }

    private:
        LineCache& m_cache;
        std::span<const std::uint16_t> m_slotOf;
        const Slot* m_slots;
        std::uint64_t* m_stamps;
        unsigned m_unitShift;
        std::uint32_t m_unitMask;
        std::uint64_t m_clock;
    };
    /// From now on version() tells of these units.
    void watch(std::uint32_t first, std::uint32_t count) {
        for (std::uint32_t line = first >> m_unitShift; line <= (first + count - 1) >> m_unitShift; ++line) {
            if (line < m_watched.size()) {
                m_watched[line] = 1;
            }
        }
    }
    /// Another number whenever a line was used, came or went.
    std::uint64_t clock() const { return m_clock; }
    /// Another number whenever a unit of a watched line came or went.
    std::uint64_t version() const { return m_version; }

private:
    std::uint32_t valid(std::uint32_t line) const {
        const std::uint16_t slot = line < m_slotOf.size() ? m_slotOf[line] : kNone;
        return slot == kNone ? 0 : m_slots[slot].valid;
    }

    unsigned m_ways = 1;
    unsigned m_sets = 1;
    unsigned m_unitShift = 0; ///< units per line are a power of two, at most 32
    std::uint32_t m_unitMask = 0;
    std::uint64_t m_clock = 0;
    std::uint64_t m_version = 1;
    std::vector<Slot> m_slots;           ///< set by set
    std::vector<std::uint64_t> m_stamps; ///< of the slots: when each was used last
    std::vector<std::uint16_t> m_slotOf; ///< by line of the memory
    std::vector<std::uint8_t> m_watched; ///< the same
};

} // namespace simprof
