// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/planning/search_state.h"

#include <algorithm>
#include <numeric>

namespace simprof {

SearchState::SearchState(const Timeline& timeline, const TimelineIndex& index)
    : m_timeline(timeline)
    , m_index(index)
    , m_failures(timeline.sections, 1)
    , m_isChanged(timeline.sections) {}

bool SearchState::reset(Bytes capacity) {
    const std::size_t items = m_timeline.items.size();
    m_capacity = capacity;
    m_lowest.assign(items, 0);
    m_below.assign(items, 0);
    m_offsets.assign(items, 0);
    m_floor.assign(m_timeline.sections, 0);
    m_waiting.assign(m_timeline.sections, 0);
    m_crossing.assign(m_timeline.sections, 0);
    m_witness.resize(items);
    std::iota(m_witness.begin(), m_witness.end(), 0);
    m_trail.clear();
    for (const TimelineItem& item : m_timeline.items) {
        for (std::uint32_t section = item.begin; section < item.end; ++section) {
            m_waiting[section] += item.room;
            m_crossing[section] += section + 1 < item.end ? 1 : 0;
        }
    }
    for (std::uint32_t section = 0; section < m_timeline.sections; ++section) {
        if (m_waiting[section] > capacity + m_index.spare[section]) {
            return false;
        }
    }
    return std::ranges::all_of(m_timeline.items, [&](const TimelineItem& item) { return item.size <= capacity; });
}

bool SearchState::place(std::uint32_t item) {
    const TimelineItem& self = m_timeline.items[item];
    const Bytes top = m_lowest[item] + self.room;
    m_offsets[item] = m_lowest[item];
    for (std::uint32_t section = self.begin; section < self.end; ++section) {
        m_waiting[section] -= self.room;
        m_crossing[section] -= section + 1 < self.end ? 1 : 0;
    }
    m_trail.push_back({Change::Placed, item, 0});
    raise(item, kPlaced);
    bool fits = true;
    for (const std::uint32_t other : m_index.neighbours[item]) {
        if (!isPlaced(other) && m_below[other] < top) {
            m_trail.push_back({Change::Below, other, m_below[other]});
            m_below[other] = top;
            if (m_lowest[other] < top) {
                fits &= raise(other, top);
            }
        }
    }
    return updateFloors() && fits;
}

bool SearchState::raise(std::uint32_t item, Bytes lowest) {
    const TimelineItem& self = m_timeline.items[item];
    const Bytes old = m_lowest[item];
    m_trail.push_back({Change::Lowest, item, old});
    m_lowest[item] = lowest;
    for (std::uint32_t section = self.begin; section < self.end; ++section) {
        if (m_floor[section] == old && !m_isChanged[section]) {
            m_isChanged[section] = true;
            m_changed.push_back(section);
        }
    }
    return lowest + self.size <= m_capacity;
}

bool SearchState::updateFloors() {
    bool fits = true;
    for (const std::uint32_t section : m_changed) {
        m_isChanged[section] = false;
        if (!fits) {
            continue;
        }
        Bytes floor = kPlaced;
        for (const std::uint32_t item : m_index.members[section]) {
            floor = std::min(floor, m_lowest[item]);
        }
        if (floor != m_floor[section]) {
            m_trail.push_back({Change::Floor, section, m_floor[section]});
            m_floor[section] = floor;
        }
        if (floor != kPlaced && floor + m_waiting[section] > m_capacity + m_index.spare[section]) {
            ++m_failures[section];
            fits = false;
        }
    }
    m_changed.clear();
    return fits;
}

bool SearchState::meets(std::uint32_t item, std::uint32_t section) const {
    return m_timeline.items[item].begin <= section && section < m_timeline.items[item].end;
}

bool SearchState::leaveFloorEmpty(std::uint32_t section) {
    // The item that will be the section's lowest lies on top of one that is not placed yet and does not meet the
    // section, or it is one that cannot lie at the floor anyway.
    const Bytes floor = m_floor[section];
    Bytes next = kPlaced;
    for (const std::uint32_t item : m_index.members[section]) {
        if (isPlaced(item)) {
            continue;
        }
        if (m_lowest[item] > floor) {
            next = std::min(next, m_lowest[item]);
            continue;
        }
        for (const std::uint32_t other : m_index.neighbours[item]) {
            if (!isPlaced(other) && !meets(other, section)) {
                next = std::min(next, m_lowest[other] + m_timeline.items[other].room);
            }
        }
    }
    if (next == kPlaced || next + m_waiting[section] > m_capacity + m_index.spare[section]) {
        return false;
    }
    bool fits = true;
    for (const std::uint32_t item : m_index.members[section]) {
        if (m_lowest[item] == floor) {
            fits &= raise(item, next);
        }
    }
    return updateFloors() && fits;
}

/// For an item whose lowest place is not on top of what is placed: something not yet placed must come below it.
SearchState::Support SearchState::settleRaised(std::uint32_t item) {
    const Bytes top = m_below[item] + m_timeline.items[item].room;
    Bytes support = kPlaced;
    bool blocked = false;
    for (const std::uint32_t other : m_index.neighbours[item]) {
        if (!isPlaced(other)) {
            support = std::min(support, m_lowest[other] + m_timeline.items[other].room);
            blocked |= m_lowest[other] < top;
        }
    }
    if (!blocked || support == kPlaced) {
        return Support::Never; // or it could lie lower
    }
    if (support <= m_lowest[item]) {
        return Support::Open;
    }
    const bool fits = raise(item, support);
    return updateFloors() && fits ? Support::Raised : Support::Never;
}

/// Whether all neighbours that are not placed lie above the item's top whatever follows.
bool SearchState::isInNobodysWay(std::uint32_t item) {
    const Bytes top = m_lowest[item] + m_timeline.items[item].room;
    if (m_witness[item] != item && m_lowest[m_witness[item]] < top) {
        return false;
    }
    for (const std::uint32_t other : m_index.neighbours[item]) {
        if (m_lowest[other] < top) {
            m_witness[item] = other;
            return false;
        }
    }
    return true;
}

bool SearchState::settle(std::uint32_t begin, std::uint32_t end) {
    for (bool again = true; again;) {
        again = false;
        for (std::uint32_t item = m_index.firstItem[begin]; item < m_index.firstItem[end]; ++item) {
            if (isPlaced(item)) {
                continue;
            }
            if (m_lowest[item] > m_below[item]) {
                const Support support = settleRaised(item);
                if (support == Support::Never) {
                    return false;
                }
                again |= support == Support::Raised;
            } else if (isInNobodysWay(item)) {
                if (!place(item)) {
                    return false;
                }
                again = true;
            }
        }
    }
    return true;
}

void SearchState::undo(std::size_t mark) {
    while (m_trail.size() > mark) {
        const Entry entry = m_trail.back();
        m_trail.pop_back();
        switch (entry.change) {
        case Change::Lowest: m_lowest[entry.index] = entry.old; break;
        case Change::Below: m_below[entry.index] = entry.old; break;
        case Change::Floor: m_floor[entry.index] = entry.old; break;
        case Change::Placed: {
            const TimelineItem& item = m_timeline.items[entry.index];
            for (std::uint32_t section = item.begin; section < item.end; ++section) {
                m_waiting[section] += item.room;
                m_crossing[section] += section + 1 < item.end ? 1 : 0;
            }
            break;
        }
        }
    }
}

} // namespace simprof
