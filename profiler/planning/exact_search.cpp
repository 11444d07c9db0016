// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/planning/exact_search.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace simprof {
namespace {

/// Decisions in each other; keeps the program's stack below two megabytes.
constexpr std::size_t kDepthLimit = 3'000;
/// At 16 bytes each.
constexpr std::size_t kMostHopeless = std::size_t{1} << 20;

/// The finaliser of MurmurHash3: each bit of the input changes half of the output's.
std::uint64_t scramble(std::uint64_t bits) {
    bits = (bits ^ bits >> 33) * 0xFF51AFD7ED558CCD;
    bits = (bits ^ bits >> 33) * 0xC4CEB9FE1A85EC53;
    return bits ^ bits >> 33;
}

} // namespace

ExactSearch::ExactSearch(const Timeline& timeline, std::function<bool()> expired)
    : m_timeline(timeline)
    , m_index(timeline)
    , m_state(timeline, m_index)
    , m_expired(std::move(expired))
    , m_hopeless(std::min(kMostHopeless, std::bit_ceil(4096 * timeline.items.size()))) {}

SearchAnswer ExactSearch::run(Bytes capacity, const SearchOrder& order, std::uint64_t nodes) {
    m_capacity = capacity;
    m_order = order;
    m_nodeLimit = nodes;
    m_nodes = 0;
    m_depth = 0;
    m_gaveUp = false;
    m_candidates.clear();
    if (!m_state.reset(capacity)) {
        return SearchAnswer::Impossible;
    }
    if (solve(0, m_timeline.sections)) {
        return SearchAnswer::Found;
    }
    return m_gaveUp ? SearchAnswer::GaveUp : SearchAnswer::Impossible;
}

/// Plans the sections [begin, end), which nothing connects with others; undoes what it did when that fails.
bool ExactSearch::solve(std::uint32_t begin, std::uint32_t end) {
    const std::size_t mark = m_state.mark();
    if (m_state.settle(begin, end) && solveParts(begin, end)) {
        return true;
    }
    m_state.undo(mark);
    return false;
}

bool ExactSearch::solveParts(std::uint32_t begin, std::uint32_t end) {
    const std::vector<Part> parts = partsOf(begin, end);
    return std::ranges::all_of(parts, [&](const Part& part) { return decide(part.begin, part.end); });
}

/// The parts with something left to place, those with few items first.
std::vector<ExactSearch::Part> ExactSearch::partsOf(std::uint32_t begin, std::uint32_t end) const {
    std::vector<Part> parts;
    for (std::uint32_t section = begin; section < end; ++section) {
        if (m_state.waiting(section) == 0) {
            continue;
        }
        Part part{section, section, 0};
        while (m_state.goesOn(section)) {
            ++section;
        }
        part.end = section + 1;
        parts.push_back(part);
    }
    if (parts.size() > 1) {
        for (Part& part : parts) {
            for (std::uint32_t item = m_index.firstItem[part.begin]; item < m_index.firstItem[part.end]; ++item) {
                part.items += m_state.isPlaced(item) ? 0 : 1;
            }
        }
        std::ranges::stable_sort(parts, {}, &Part::items);
    }
    return parts;
}

bool ExactSearch::decide(std::uint32_t begin, std::uint32_t end) {
    const Key key = keyOf(begin, end);
    Key& remembered = m_hopeless[key.first & (m_hopeless.size() - 1)];
    if (remembered == key) {
        return false;
    }
    ++m_nodes;
    if (m_nodes > m_nodeLimit || m_depth >= kDepthLimit || m_expired()) {
        m_gaveUp = true;
        return false;
    }
    ++m_depth;
    const bool found = tryAnswers({begin, end, 0}, chooseSection(begin, end));
    --m_depth;
    if (!found && !m_gaveUp) {
        remembered = key;
    }
    return found;
}

bool ExactSearch::tryAnswers(const Part& part, std::uint32_t section) {
    const std::size_t first = m_candidates.size();
    appendCandidates(section);
    const std::size_t last = m_candidates.size();
    const std::size_t mark = m_state.mark();
    bool found = false;
    for (std::size_t i = first; i < last && !found && !m_gaveUp; ++i) {
        found = m_state.place(m_candidates[i]) && solve(part.begin, part.end);
        if (!found) {
            m_state.undo(mark);
        }
    }
    m_candidates.resize(first);
    if (found || m_gaveUp) {
        return found;
    }
    if (m_state.leaveFloorEmpty(section) && solve(part.begin, part.end)) {
        return true;
    }
    m_state.undo(mark);
    return false;
}

/// The items that can lie at the section's floor, the best first; of items that differ in nothing, one.
void ExactSearch::appendCandidates(std::uint32_t section) {
    const auto first = static_cast<std::ptrdiff_t>(m_candidates.size());
    const auto isLike = [&](std::uint32_t left, std::uint32_t right) {
        const TimelineItem& one = m_timeline.items[left];
        const TimelineItem& other = m_timeline.items[right];
        return one.begin == other.begin && one.end == other.end && one.size == other.size &&
               m_state.below(left) == m_state.below(right);
    };
    for (const std::uint32_t item : m_index.members[section]) {
        const auto begin = m_candidates.begin() + first;
        if (m_state.lowest(item) == m_state.floor(section) &&
            std::none_of(begin, m_candidates.end(), [&](std::uint32_t other) { return isLike(item, other); })) {
            m_candidates.push_back(item);
        }
    }
    std::sort(m_candidates.begin() + first, m_candidates.end(),
              [this](std::uint32_t left, std::uint32_t right) { return comesBefore(left, right); });
}

/// Only sections of a valley are looked at, a row of equal floors between higher ones: an item at the floor there has
/// nothing below it whatever follows.
std::uint32_t ExactSearch::chooseSection(std::uint32_t begin, std::uint32_t end) const {
    std::uint32_t best = end;
    std::uint64_t bestAnswers = 0;
    const auto look = [&](std::uint32_t section) {
        const Bytes floor = m_state.floor(section);
        std::uint64_t answers = m_state.slack(section) > 0 ? 1 : 0;
        for (const std::uint32_t item : m_index.members[section]) {
            answers += m_state.lowest(item) == floor ? 1 : 0;
        }
        // Compares answers / failures.
        const std::uint64_t mine = best == end ? 0 : answers * m_state.failures(best);
        const std::uint64_t theirs = best == end ? 1 : bestAnswers * m_state.failures(section);
        if (mine < theirs || (mine == theirs && m_state.slack(section) < m_state.slack(best))) {
            best = section;
            bestAnswers = answers;
        }
    };
    for (std::uint32_t first = begin; first < end;) {
        const Bytes floor = m_state.floor(first);
        std::uint32_t next = first;
        while (next < end && m_state.floor(next) == floor) {
            ++next;
        }
        if ((first == begin || m_state.floor(first - 1) > floor) && (next == end || m_state.floor(next) > floor)) {
            for (std::uint32_t section = first; section < next; ++section) {
                look(section);
            }
        }
        first = next;
    }
    return best;
}

bool ExactSearch::comesBefore(std::uint32_t left, std::uint32_t right) const {
    for (const SearchKey key : m_order) {
        const double one = rank(key, left);
        const double other = rank(key, right);
        if (one != other) {
            return one > other;
        }
    }
    return left < right;
}

double ExactSearch::rank(SearchKey key, std::uint32_t item) const {
    const TimelineItem& self = m_timeline.items[item];
    switch (key) {
    case SearchKey::Waiting: {
        Bytes most = 0;
        for (std::uint32_t section = self.begin; section < self.end; ++section) {
            most = std::max(most, m_state.waiting(section));
        }
        return static_cast<double>(most);
    }
    case SearchKey::Life: return static_cast<double>(self.life);
    case SearchKey::Area: break;
    }
    return static_cast<double>(self.life) * static_cast<double>(self.size);
}

/// What follows depends only on which items of the part are not placed and on how low they can lie.
ExactSearch::Key ExactSearch::keyOf(std::uint32_t begin, std::uint32_t end) const {
    Key key{scramble(m_capacity), ~m_capacity};
    for (std::uint32_t item = m_index.firstItem[begin]; item < m_index.firstItem[end]; ++item) {
        if (m_state.isPlaced(item)) {
            continue;
        }
        // Odd factors without a pattern: the binary digits of the golden ratio, of e and of pi.
        const std::uint64_t bits =
            scramble((item + 1) * 0x9E3779B97F4A7C15 + m_state.lowest(item) * 0xB7E151628AED2A6B +
                     m_state.below(item) * 0x243F6A8885A308D3);
        key.first += bits;
        key.second += scramble(bits ^ 0xC90FDAA22168C235);
    }
    return key;
}

} // namespace simprof
