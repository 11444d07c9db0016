// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/timing/line_cache.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace simprof {

LineCache::LineCache(unsigned lines, unsigned ways, unsigned lineBytes, unsigned unitBytes, std::uint64_t memoryBytes) {
    assert(lines <= 2048 && lineBytes >= unitBytes && std::has_single_bit(lineBytes / unitBytes));
    if (lines == 0) {
        return;
    }
    m_ways = ways == 0 ? lines : ways;
    m_sets = lines / m_ways;
    m_unitShift = static_cast<unsigned>(std::countr_zero(lineBytes / unitBytes));
    m_unitMask = lineBytes / unitBytes - 1;
    assert(m_unitMask < 32);
    m_slots.resize(lines);
    m_stamps.resize(lines);
    m_slotOf.assign(static_cast<std::size_t>(memoryBytes / lineBytes + 1), kNone);
    m_watched.assign(m_slotOf.size(), 0);
}

void LineCache::fill(std::uint32_t unit) {
    const std::uint32_t line = unit >> m_unitShift;
    if (line >= m_slotOf.size()) {
        return;
    }
    std::uint16_t slot = m_slotOf[line];
    m_version += m_watched[line];
    if (slot == kNone) {
        const std::uint32_t set = m_sets == 1 ? 0 : line % m_sets;
        const auto first = m_stamps.begin() + static_cast<std::ptrdiff_t>(set) * m_ways;
        slot = static_cast<std::uint16_t>(std::min_element(first, first + m_ways) - m_stamps.begin());
        Slot& oldest = m_slots[slot];
        if (oldest.valid != 0) {
            m_slotOf[oldest.line] = kNone;
            m_version += m_watched[oldest.line];
        }
        oldest = {line, 0};
        m_slotOf[line] = slot;
    }
    m_slots[slot].valid |= 1u << (unit & m_unitMask);
    m_stamps[slot] = ++m_clock;
}

void LineCache::clear() {
    std::fill(m_slots.begin(), m_slots.end(), Slot{});
    std::fill(m_stamps.begin(), m_stamps.end(), 0);
    ++m_version;
    ++m_clock;
    std::fill(m_slotOf.begin(), m_slotOf.end(), kNone);
}

} // namespace simprof
