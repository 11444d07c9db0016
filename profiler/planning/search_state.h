// SPDX-License-Identifier: GPL-2.0-or-later
/// Partial plans of the exact search: what is placed, how low the rest can still lie, and how to go back.
#pragma once
#include "profiler/planning/timeline.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace simprof {

/// A partial plan below a capacity. It is filled upwards: only plans are looked for in which each buffer lies at 0 or
/// on top of another that lives at the same time, because any other plan can be pushed down into such a one.
class SearchState {
public:
    /// The lowest place of an item that is placed, and the floor of a section whose items all are.
    static constexpr Bytes kPlaced = std::numeric_limits<Bytes>::max() / 4;

    SearchState(const Timeline& timeline, const TimelineIndex& index);

    /// Forgets all placements. False when the items of a section do not fit below the capacity.
    bool reset(Bytes capacity);

    // Each of these is false when no plan follows; what they changed must then be undone all the same.
    bool place(std::uint32_t item); ///< at its lowest place
    /// No item of the section lies at its floor.
    bool leaveFloorEmpty(std::uint32_t section);
    /// Draws conclusions for the items that begin in [begin, end) until there are no more: places what is in nobody's
    /// way, and finds items that could lie lower whatever follows.
    bool settle(std::uint32_t begin, std::uint32_t end);

    std::size_t mark() const { return m_trail.size(); }
    void undo(std::size_t mark);

    bool isPlaced(std::uint32_t item) const { return m_lowest[item] == kPlaced; }
    Bytes lowest(std::uint32_t item) const { return m_lowest[item]; }     ///< that is not excluded yet
    Bytes below(std::uint32_t item) const { return m_below[item]; }       ///< end of the placed ones that it lies above
    Bytes floor(std::uint32_t section) const { return m_floor[section]; } ///< the lowest place of its items
    Bytes waiting(std::uint32_t section) const { return m_waiting[section]; } ///< bytes of its items not yet placed
    bool goesOn(std::uint32_t section) const {
        return m_crossing[section] != 0;
    } ///< items not placed live on behind it
    /// Bytes of the section that may still remain empty.
    Bytes slack(std::uint32_t section) const {
        return m_capacity + m_index.spare[section] - m_floor[section] - m_waiting[section];
    }
    std::uint64_t failures(std::uint32_t section) const { return m_failures[section]; } ///< since construction, plus 1
    const std::vector<Bytes>& offsets() const { return m_offsets; }

private:
    enum class Change : std::uint8_t { Lowest, Below, Floor, Placed };
    struct Entry {
        Change change;
        std::uint32_t index;
        Bytes old;
    };
    enum class Support : std::uint8_t { Open, Raised, Never };

    bool raise(std::uint32_t item, Bytes lowest);
    bool updateFloors();
    Support settleRaised(std::uint32_t item);
    bool isInNobodysWay(std::uint32_t item);
    bool meets(std::uint32_t item, std::uint32_t section) const;

    const Timeline& m_timeline;
    const TimelineIndex& m_index;
    Bytes m_capacity = 0;
    std::vector<Bytes> m_lowest, m_below, m_offsets; // by item
    std::vector<Bytes> m_floor, m_waiting;           // by section
    std::vector<std::uint32_t> m_crossing;           // by section
    std::vector<std::uint32_t> m_witness;            // by item: a neighbour that was in its way, or itself
    std::vector<std::uint64_t> m_failures;           // by section
    std::vector<std::uint32_t> m_changed;            // sections whose floor may have risen
    std::vector<bool> m_isChanged;
    std::vector<Entry> m_trail;
};

} // namespace simprof
