// SPDX-License-Identifier: GPL-2.0-or-later
/// Exact search for a plan below a capacity: it finds one, proves that there is none, or gives up at a limit.
#pragma once
#include "profiler/planning/search_state.h"

#include <array>
#include <functional>

namespace simprof {

enum class SearchAnswer : std::uint8_t { Found, Impossible, GaveUp };

/// Which of several items is tried first: those with the greatest of these, one after the other. Waiting is the most
/// bytes, over the item's sections, that are not placed yet.
enum class SearchKey : std::uint8_t { Waiting, Life, Area };
using SearchOrder = std::array<SearchKey, 3>;

/// Depth-first search in one timeline. It decides, section by section, which item lies at the section's floor, or that
/// none does; the section with the fewest answers for the failures that it has caused comes first. Parts that no
/// unplaced item connects any more are searched each by itself. States from which no plan followed are remembered, over
/// all runs.
class ExactSearch {
public:
    ExactSearch(const Timeline& timeline, std::function<bool()> expired);

    /// Gives up after `nodes` decisions or when the time has expired.
    SearchAnswer run(Bytes capacity, const SearchOrder& order, std::uint64_t nodes);

    const std::vector<Bytes>& offsets() const { return m_state.offsets(); } ///< after SearchAnswer::Found
    std::uint64_t nodes() const { return m_nodes; }                         ///< of the last run

private:
    /// Of a state; two of them differ with a probability of 1 - 2^-128.
    struct Key {
        std::uint64_t first = 0;
        std::uint64_t second = 0;
        bool operator==(const Key&) const = default;
    };
    struct Part {
        std::uint32_t begin, end; ///< sections
        std::size_t items;        ///< not placed
    };

    bool solve(std::uint32_t begin, std::uint32_t end);
    bool solveParts(std::uint32_t begin, std::uint32_t end);
    bool decide(std::uint32_t begin, std::uint32_t end);
    bool tryAnswers(const Part& part, std::uint32_t section);
    void appendCandidates(std::uint32_t section);
    std::uint32_t chooseSection(std::uint32_t begin, std::uint32_t end) const;
    std::vector<Part> partsOf(std::uint32_t begin, std::uint32_t end) const;
    bool comesBefore(std::uint32_t left, std::uint32_t right) const;
    double rank(SearchKey key, std::uint32_t item) const;
    Key keyOf(std::uint32_t begin, std::uint32_t end) const;

    const Timeline& m_timeline;
    TimelineIndex m_index;
    SearchState m_state;
    std::function<bool()> m_expired;
    SearchOrder m_order{};
    Bytes m_capacity = 0;
    std::uint64_t m_nodes = 0;
    std::uint64_t m_nodeLimit = 0;
    std::size_t m_depth = 0;
    bool m_gaveUp = false;
    std::vector<std::uint32_t> m_candidates; ///< of all decisions in progress
    std::vector<Key> m_hopeless;             ///< by the key's last bits; the latest takes the place
};

} // namespace simprof
