// SPDX-License-Identifier: GPL-2.0-or-later
/// The time of a planning problem, cut into sections in which the same buffers live.
#pragma once
#include "profiler/planning/problem.h"

#include <cstdint>
#include <span>
#include <vector>

namespace simprof {

/// A buffer on a timeline: it lives in the sections [begin, end).
struct TimelineItem {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    Bytes size = 0;
    Bytes room = 0;         ///< the size, rounded up to the alignment
    std::uint64_t life = 0; ///< in the problem's unit of time
    std::size_t buffer = 0; ///< its place in the problem
};

/// Buffers whose lives hang together, and the sections of their time in which the set of live buffers is largest: a
/// time whose live buffers all live in a neighbouring section too is no section of its own.
struct Timeline {
    std::vector<TimelineItem> items; ///< by first section
    std::uint32_t sections = 0;
    Bytes liveBound = 0;     ///< the most bytes that live at once, alignment included: no plan takes less
    std::uint64_t pairs = 0; ///< of items that live at the same time
};

/// The parts of a problem that have no time in common, in order of time.
std::vector<Timeline> cutTimelines(const PlanningProblem& problem);

/// Lists of numbers, one after the other.
class NumberLists {
public:
    void append(std::uint32_t number) { m_numbers.push_back(number); }
    void endList() { m_ends.push_back(m_numbers.size()); }
    std::span<const std::uint32_t> operator[](std::size_t list) const {
        return std::span(m_numbers).subspan(m_ends[list], m_ends[list + 1] - m_ends[list]);
    }

private:
    std::vector<std::uint32_t> m_numbers;
    std::vector<std::size_t> m_ends = {0};
};

/// Which items of a timeline meet which, and where; its size is the number of pairs.
struct TimelineIndex {
    explicit TimelineIndex(const Timeline& timeline);

    NumberLists members;                  ///< items that live in a section
    NumberLists neighbours;               ///< items that live at the same time as an item
    std::vector<std::uint32_t> firstItem; ///< of each section and of the end: the first item that begins there or later
    std::vector<Bytes>
        spare; ///< of a section: bytes of room that the highest of its items need not have below the capacity
};

} // namespace simprof
