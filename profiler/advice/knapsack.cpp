// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/advice/knapsack.h"

#include <algorithm>
#include <numeric>

namespace simprof {

namespace {

using Places = std::vector<std::optional<std::size_t>>;

/// Branch and bound: each item in each memory, or nowhere.
class KnapsackSearch {
public:
    KnapsackSearch(const std::vector<KnapsackItem>& items, std::vector<std::size_t> order, std::vector<Bytes> room)
        : m_items(items)
        , m_order(std::move(order))
        , m_room(std::move(room))
        , m_rest(m_order.size() + 1, 0)
        , m_places(items.size())
        , m_best(items.size()) {
        for (std::size_t i = m_order.size(); i-- > 0;) {
            m_rest[i] = m_rest[i + 1] + m_items[m_order[i]].gain;
        }
    }

    Places run() {
        decide(0, 0, 0);
        return m_best;
    }

private:
    void decide(std::size_t depth, double gain, Bytes bytes) {
        if (gain > m_bestGain || (gain == m_bestGain && bytes < m_bestBytes)) {
            m_bestGain = gain;
            m_bestBytes = bytes;
            m_best = m_places;
        }
        if (depth == m_order.size() || gain + m_rest[depth] < m_bestGain) {
            return;
        }
        const std::size_t item = m_order[depth];
        for (const std::size_t bin : m_items[item].bins) {
            if (m_items[item].bytes <= m_room[bin]) {
                m_room[bin] -= m_items[item].bytes;
                m_places[item] = bin;
                decide(depth + 1, gain + m_items[item].gain, bytes + m_items[item].bytes);
                m_places[item].reset();
                m_room[bin] += m_items[item].bytes;
            }
        }
        decide(depth + 1, gain, bytes);
    }

    const std::vector<KnapsackItem>& m_items;
    std::vector<std::size_t> m_order;
    std::vector<Bytes> m_room;
    std::vector<double> m_rest; ///< gain of all items from a depth on
    Places m_places;
    Places m_best;
    double m_bestGain = 0;
    Bytes m_bestBytes = 0;
};

} // namespace

std::vector<std::optional<std::size_t>> fillKnapsack(const std::vector<KnapsackItem>& items,
                                                     const std::vector<Bytes>& capacities) {
    std::vector<std::size_t> order(items.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::erase_if(order, [&](std::size_t i) { return !(items[i].gain > 0); });
    std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) {
        return items[i].gain / static_cast<double>(std::max<Bytes>(items[i].bytes, 1));
    });
    order.resize(std::min(order.size(), kMostExact));
    return KnapsackSearch(items, std::move(order), capacities).run();
}

} // namespace simprof
