// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/planning/overlay_planner.h"

#include "profiler/planning/overlay_search.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <numeric>
#include <utility>

namespace simprof {
namespace {

constexpr std::size_t kFirstMembers = 6; ///< of the exact search; then three more at a time
constexpr std::size_t kMoreMembers = 3;
constexpr std::uint64_t kFirstNodes = 2000; ///< decisions of one search; four times as many in the next round
constexpr int kRounds = 5;

using Order = std::vector<std::uint32_t>;

class OverlayPlanner {
public:
    OverlayPlanner(const OverlayConstraints& constraints, Bytes liveBound, const std::function<bool()>& expired)
        : m_constraints(constraints)
        , m_expired(expired)
        , m_bound(constraints.isExact ? std::max(liveBound, largestSpan(constraints)) : liveBound) {}

    MemoryPlan plan(const std::vector<Bytes>& hint) {
        m_best = bestOverlayFit(m_constraints, byOffset(hint), m_bound, m_expired);
        Bytes hintPeak = 0;
        for (std::size_t i = 0; i < hint.size(); ++i) {
            hintPeak = std::max(hintPeak, hint[i] + m_constraints.sizes[i]);
        }
        if (hintPeak < m_best.peak) {
            m_best = {hint, hintPeak};
        }
        std::uint64_t nodes = kFirstNodes;
        for (int round = 0; round < kRounds && m_best.peak > m_bound && !m_expired(); ++round, nodes *= 4) {
            searchLargest(nodes);
        }
        const bool isOptimal = m_best.peak == m_bound;
        return {std::move(m_best.offsets), m_best.peak, m_bound,
                isOptimal     ? PlanEnd::Optimal
                : m_expired() ? PlanEnd::TimeLimit
                              : PlanEnd::SearchLimit,
                m_nodes};
    }

private:
    static Order byOffset(const std::vector<Bytes>& offsets) {
        Order order(offsets.size());
        std::iota(order.begin(), order.end(), 0);
        std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return offsets[i]; });
        return order;
    }

    /// Searches among more and more buffers until one search does not come to its end.
    void searchLargest(std::uint64_t nodes) {
        Order largest(m_constraints.count());
        std::iota(largest.begin(), largest.end(), 0);
        std::ranges::stable_sort(largest, std::greater<>(), [this](std::uint32_t i) { return m_constraints.sizes[i]; });
        for (std::size_t count = kFirstMembers; m_best.peak > m_bound; count += kMoreMembers) {
            const bool isAll = count >= largest.size();
            const Order members(largest.begin(),
                                largest.begin() + static_cast<std::ptrdiff_t>(std::min(count, largest.size())));
            OverlaySearch search(m_constraints, members, m_expired);
            const bool sawAll = search.run(m_best.peak, nodes);
            m_nodes += search.nodes();
            const Bytes least = search.offsets().empty() ? m_best.peak : search.peak();
            if (!search.offsets().empty()) {
                complete(largest, search.offsets());
            }
            if (sawAll && m_constraints.isExact) {
                m_bound = std::max(m_bound, std::min(least, m_best.peak));
            }
            if (!sawAll || isAll) {
                return;
            }
        }
    }

    void offer(OverlayPlacement placement) {
        if (placement.peak < m_best.peak) {
            m_best = std::move(placement);
        }
    }

    /// The others around the first ones of `largest`, which were searched, and then in the order of those.
    void complete(const Order& largest, const std::vector<Bytes>& offsets) {
        offer(overlayFit(m_constraints, largest, offsets));
        Order order;
        for (const std::uint32_t place : byOffset(offsets)) {
            order.push_back(largest[place]);
        }
        order.insert(order.end(), largest.begin() + static_cast<std::ptrdiff_t>(offsets.size()), largest.end());
        offer(bestOverlayFit(m_constraints, order, m_bound, m_expired));
    }

    const OverlayConstraints& m_constraints;
    const std::function<bool()>& m_expired;
    Bytes m_bound;
    OverlayPlacement m_best;
    std::uint64_t m_nodes = 0;
};

} // namespace

MemoryPlan planOverlay(const OverlayConstraints& constraints, Bytes liveBound, const std::vector<Bytes>& hint,
                       const std::function<bool()>& expired) {
    return OverlayPlanner(constraints, liveBound, expired).plan(hint);
}

} // namespace simprof
