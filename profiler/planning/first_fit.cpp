// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/planning/first_fit.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

namespace simprof {
namespace {

/// Heights by section, in a tree: the highest of a range, and a range set to one height.
class Heights {
public:
    explicit Heights(std::uint32_t sections)
        : m_sections(sections)
        , m_highest(std::size_t{4} * sections)
        , m_all(std::size_t{4} * sections) {}

    Bytes highest(std::uint32_t begin, std::uint32_t end) const { return highest({1, 0, m_sections}, begin, end); }

    /// `height` must not be lower than any in the range.
    void set(std::uint32_t begin, std::uint32_t end, Bytes height) { set({1, 0, m_sections}, begin, end, height); }

private:
    struct Node {
        std::size_t index;
        std::uint32_t begin, end;
        std::uint32_t middle() const { return begin + (end - begin) / 2; }
        Node left() const { return {2 * index, begin, middle()}; }
        Node right() const { return {2 * index + 1, middle(), end}; }
    };

    Bytes highest(Node node, std::uint32_t begin, std::uint32_t end) const {
        if (end <= node.begin || node.end <= begin) {
            return 0;
        }
        if (begin <= node.begin && node.end <= end) {
            return m_highest[node.index];
        }
        return std::max({m_all[node.index], highest(node.left(), begin, end), highest(node.right(), begin, end)});
    }

    void set(Node node, std::uint32_t begin, std::uint32_t end, Bytes height) {
        if (end <= node.begin || node.end <= begin) {
            return;
        }
        m_highest[node.index] = std::max(m_highest[node.index], height);
        if (begin <= node.begin && node.end <= end) {
            m_all[node.index] = height;
            return;
        }
        set(node.left(), begin, end, height);
        set(node.right(), begin, end, height);
    }

    std::uint32_t m_sections;
    std::vector<Bytes> m_highest; ///< anywhere in the node's range
    std::vector<Bytes> m_all;     ///< at least, everywhere in the node's range
};

using Order = std::vector<std::uint32_t>;

/// Sorts by a key, the greatest first; equal ones stay in order of time.
template<class Key>
Order ordered(const Timeline& timeline, Key key) {
    Order order(timeline.items.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::greater<>(), [&](std::uint32_t i) { return key(timeline.items[i]); });
    return order;
}

Placement stack(const Timeline& timeline, const Order& order) {
    Placement placement{std::vector<Bytes>(timeline.items.size()), 0};
    Heights heights(timeline.sections);
    for (const std::uint32_t i : order) {
        const TimelineItem& item = timeline.items[i];
        placement.offsets[i] = heights.highest(item.begin, item.end);
        heights.set(item.begin, item.end, placement.offsets[i] + item.room);
        placement.peak = std::max(placement.peak, placement.offsets[i] + item.size);
    }
    return placement;
}

std::optional<Placement> fit(const Timeline& timeline, const Order& order, const std::function<bool()>& expired) {
    struct Placed {
        Bytes begin, end;
        std::uint32_t from, to; ///< sections
    };
    Placement placement{std::vector<Bytes>(timeline.items.size()), 0};
    std::vector<Placed> placed; // by begin
    placed.reserve(order.size());
    for (const std::uint32_t i : order) {
        if (expired()) {
            return std::nullopt;
        }
        const TimelineItem& item = timeline.items[i];
        Bytes offset = 0;
        for (const Placed& other : placed) {
            if (other.from < item.end && item.begin < other.to) {
                if (other.begin >= offset + item.room) {
                    break;
                }
                offset = std::max(offset, other.end);
            }
        }
        placement.offsets[i] = offset;
        placement.peak = std::max(placement.peak, offset + item.size);
        const auto place = std::ranges::upper_bound(placed, offset, {}, &Placed::begin);
        placed.insert(place, {offset, offset + item.room, item.begin, item.end});
    }
    return placement;
}

} // namespace

Placement firstFit(const Timeline& timeline, const std::function<bool()>& expired) {
    const auto life = [](const TimelineItem& item) { return std::pair(item.life, item.room); };
    const auto size = [](const TimelineItem& item) { return std::pair(item.room, item.life); };
    const auto area = [](const TimelineItem& item) {
        return static_cast<double>(item.room) * static_cast<double>(item.life);
    };
    const std::array orders = {ordered(timeline, life), ordered(timeline, size), ordered(timeline, area)};
    Placement best = stack(timeline, orders[0]);
    for (const Order& order : orders) {
        auto next = best.peak > timeline.liveBound ? fit(timeline, order, expired) : std::nullopt;
        if (next && next->peak < best.peak) {
            best = std::move(*next);
        }
    }
    return best;
}

} // namespace simprof
