// SPDX-License-Identifier: GPL-2.0-or-later
/// Exact search for the least memory of a few buffers that keep their distances.
#pragma once
#include "profiler/planning/overlay_fit.h"

#include <functional>
#include <vector>

namespace simprof {

/// Branches on the pair of buffers that is too close: one of them goes above the other, or into an allowed gap. What
/// was decided are least distances, so that each buffer has a lowest place and a least height above it, which are the
/// longest paths; a branch ends when they exceed the memory.
class OverlaySearch {
public:
    /// `members`: the buffers that are placed; the others do not exist here.
    OverlaySearch(const OverlayConstraints& constraints, std::vector<std::uint32_t> members,
                  std::function<bool()> expired);

    /// Looks for placements below `limit` bytes, each lower than the one before. True when it has seen all: the last
    /// one found, or `limit`, is the least. False when the time expires or after `nodes` decisions.
    bool run(Bytes limit, std::uint64_t nodes);

    /// The last one found, by member; empty: none.
    const std::vector<Bytes>& offsets() const { return m_found; }
    Bytes peak() const { return m_peak; }
    std::uint64_t nodes() const { return m_nodes; }

private:
    struct Distance {
        std::size_t to = 0;
        std::int64_t least = 0;
    };
    struct Pair {
        std::size_t a = 0;
        std::size_t b = 0;
        const ForbiddenOffsets* forbidden = nullptr; ///< of offset(a) - offset(b)
    };
    /// An answer to a pair that is too close: offset(a) - offset(b) is in [low, high], where there is such a bound.
    struct Answer {
        std::optional<std::int64_t> low;
        std::optional<std::int64_t> high;
        std::int64_t peak = 0; ///< at least
    };
    struct Places {
        std::vector<std::int64_t> lowest; ///< of each member
        std::vector<std::int64_t> above;  ///< from its begin to the end of what lies above it
    };

    /// The pair that is too close and whose answers take the most memory.
    struct Open {
        const Pair* pair = nullptr; ///< null: there is none
        std::vector<Answer> answers;
        bool isHopeless = false; ///< a pair has no answer that the memory allows
    };

    void search();
    void keep();
    Open worstPair() const;
    std::vector<Answer> answersTo(const Pair& pair) const;
    bool take(const Pair& pair, const Answer& answer);
    bool demand(std::size_t from, std::size_t to, std::int64_t least);
    void forget(std::size_t from, std::size_t to);
    bool raise(std::size_t member);
    bool lengthen(std::size_t member);

    std::vector<std::int64_t> m_sizes;
    std::vector<Pair> m_pairs;
    std::int64_t m_step;
    std::function<bool()> m_expired;
    std::vector<std::vector<Distance>> m_up;   ///< by member: those that are demanded above it
    std::vector<std::vector<Distance>> m_down; ///< and below it
    Places m_places;
    std::int64_t m_most = 0; ///< bytes that a placement may take
    std::vector<Bytes> m_found;
    Bytes m_peak = 0;
    std::uint64_t m_nodes = 0;
    std::uint64_t m_nodeLimit = 0;
    bool m_gaveUp = false;
};

} // namespace simprof
