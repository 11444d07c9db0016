// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/planning/overlay_search.h"

#include <algorithm>
#include <utility>

namespace simprof {

OverlaySearch::OverlaySearch(const OverlayConstraints& constraints, std::vector<std::uint32_t> members,
                             std::function<bool()> expired)
    : m_step(static_cast<std::int64_t>(constraints.alignment))
    , m_expired(std::move(expired)) {
    constexpr std::size_t kNoMember = ~std::size_t{0};
    std::vector<std::size_t> placeOf(constraints.count(), kNoMember);
    for (std::size_t i = 0; i < members.size(); ++i) {
        placeOf[members[i]] = i;
        m_sizes.push_back(static_cast<std::int64_t>(constraints.sizes[members[i]]));
    }
    for (std::size_t i = 0; i < members.size(); ++i) {
        for (const OverlayConstraints::Neighbour& neighbour : constraints.neighbours[members[i]]) {
            const std::size_t other = placeOf[neighbour.other];
            if (other != kNoMember && other > i) {
                m_pairs.push_back({i, other, &neighbour.forbidden});
            }
        }
    }
}

bool OverlaySearch::run(Bytes limit, std::uint64_t nodes) {
    m_up.assign(m_sizes.size(), {});
    m_down.assign(m_sizes.size(), {});
    m_places = {std::vector<std::int64_t>(m_sizes.size()), m_sizes};
    m_most = static_cast<std::int64_t>(limit) - 1;
    m_found.clear();
    m_nodes = 0;
    m_nodeLimit = nodes;
    m_gaveUp = false;
    const bool fits = std::ranges::all_of(m_sizes, [this](std::int64_t size) { return size <= m_most; });
    if (fits) {
        search();
    }
    return !m_gaveUp;
}

void OverlaySearch::search() {
    if (++m_nodes > m_nodeLimit || (m_nodes % 64 == 0 && m_expired())) {
        m_gaveUp = true;
        return;
    }
    const Open open = worstPair();
    if (open.isHopeless) {
        return;
    }
    if (open.pair == nullptr) {
        keep();
        return;
    }
    for (const Answer& answer : open.answers) {
        if (answer.peak > m_most || m_gaveUp) { // what is allowed may have become less meanwhile
            break;
        }
        const Places before = m_places;
        if (take(*open.pair, answer)) {
            search();
        }
        if (answer.high) {
            forget(open.pair->a, open.pair->b);
        }
        if (answer.low) {
            forget(open.pair->b, open.pair->a);
        }
        m_places = before;
    }
}

void OverlaySearch::keep() {
    m_found.assign(m_places.lowest.begin(), m_places.lowest.end());
    std::int64_t peak = 0;
    for (std::size_t i = 0; i < m_sizes.size(); ++i) {
        peak = std::max(peak, m_places.lowest[i] + m_sizes[i]);
    }
    m_peak = static_cast<Bytes>(peak);
    m_most = peak - 1;
}

OverlaySearch::Open OverlaySearch::worstPair() const {
    Open open;
    std::int64_t most = -1;
    for (const Pair& pair : m_pairs) {
        const std::int64_t distance = m_places.lowest[pair.a] - m_places.lowest[pair.b];
        if (std::ranges::none_of(*pair.forbidden, [&](const OffsetRange& range) { return range.contains(distance); })) {
            continue;
        }
        std::vector<Answer> answers = answersTo(pair);
        if (answers.empty()) {
            return {nullptr, {}, true};
        }
        const std::int64_t least = answers.size() == 1 ? m_most + 1 : answers.front().peak;
        if (least > most) {
            most = least;
            open = {&pair, std::move(answers), false};
        }
    }
    return open;
}

/// Those that the memory allows as far as is known, the one that takes the least first.
std::vector<OverlaySearch::Answer> OverlaySearch::answersTo(const Pair& pair) const {
    std::vector<Answer> answers;
    const std::int64_t placeOfA = m_places.lowest[pair.a];
    const std::int64_t placeOfB = m_places.lowest[pair.b];
    const auto add = [&](std::optional<std::int64_t> low, std::optional<std::int64_t> high) {
        std::int64_t peak = 0;
        if (low) {
            peak = std::max(peak, std::max(placeOfA, placeOfB + *low) + m_places.above[pair.a]);
        }
        if (high) {
            peak = std::max(peak, std::max(placeOfB, placeOfA - *high) + m_places.above[pair.b]);
        }
        if (peak <= m_most) {
            answers.push_back({low, high, peak});
        }
    };
    std::optional<std::int64_t> low;
    for (const OffsetRange& range : *pair.forbidden) {
        add(low, range.low - m_step);
        low = range.high + m_step;
    }
    add(low, std::nullopt);
    std::ranges::stable_sort(answers, {}, &Answer::peak);
    return answers;
}

/// False when the memory does not suffice.
bool OverlaySearch::take(const Pair& pair, const Answer& answer) {
    const bool above = !answer.low || demand(pair.b, pair.a, *answer.low);
    const bool below = !answer.high || demand(pair.a, pair.b, -*answer.high);
    return above && below;
}

/// From now on offset(to) - offset(from) is at least `least`.
bool OverlaySearch::demand(std::size_t from, std::size_t to, std::int64_t least) {
    m_up[from].push_back({to, least});
    m_down[to].push_back({from, least});
    return raise(from) && lengthen(to);
}

void OverlaySearch::forget(std::size_t from, std::size_t to) {
    m_up[from].pop_back();
    m_down[to].pop_back();
}

/// Moves up what is too close above `member`.
bool OverlaySearch::raise(std::size_t member) {
    std::vector<std::size_t> waiting = {member};
    while (!waiting.empty()) {
        const std::size_t from = waiting.back();
        waiting.pop_back();
        for (const Distance& distance : m_up[from]) {
            const std::int64_t place = m_places.lowest[from] + distance.least;
            if (place > m_places.lowest[distance.to]) {
                if (place + m_places.above[distance.to] > m_most) {
                    return false;
                }
                m_places.lowest[distance.to] = place;
                waiting.push_back(distance.to);
            }
        }
    }
    return true;
}

/// Makes room above what lies below `member`.
bool OverlaySearch::lengthen(std::size_t member) {
    std::vector<std::size_t> waiting = {member};
    while (!waiting.empty()) {
        const std::size_t to = waiting.back();
        waiting.pop_back();
        for (const Distance& distance : m_down[to]) {
            const std::int64_t height = m_places.above[to] + distance.least;
            if (height > m_places.above[distance.to]) {
                if (m_places.lowest[distance.to] + height > m_most) {
                    return false;
                }
                m_places.above[distance.to] = height;
                waiting.push_back(distance.to);
            }
        }
    }
    return true;
}

} // namespace simprof
