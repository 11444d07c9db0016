// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/flame_model.h"

#include <algorithm>
#include <map>

namespace simprof::gui {

namespace {

struct Node {
    std::int32_t function = -1;
    Cycles self = 0;
    Cycles inclusive = 0;
    std::uint64_t calls = 0;
    std::vector<std::size_t> children;
    std::int32_t parent = -1;
};

std::vector<Node> mergedTree(const Profile& profile, int layer) {
    std::vector<Node> nodes;
    std::vector<std::size_t> place(profile.callTree.size());
    std::map<std::pair<std::int32_t, std::int32_t>, std::size_t> known; // (parent, function)
    for (std::size_t i = 0; i < profile.callTree.size(); ++i) {
        const CallNode& call = profile.callTree[i];
        const std::int32_t parent =
            call.parent < 0 ? -1 : static_cast<std::int32_t>(place[static_cast<std::size_t>(call.parent)]);
        const auto [found, isNew] = known.try_emplace({parent, call.function}, nodes.size());
        if (isNew) {
            nodes.push_back({call.function, 0, 0, 0, {}, parent});
            if (parent >= 0) {
                nodes[static_cast<std::size_t>(parent)].children.push_back(found->second);
            }
        }
        place[i] = found->second;
        if (layer < 0 || call.layer == layer) {
            nodes[found->second].self += call.selfCycles;
            nodes[found->second].calls += call.calls;
        }
    }
    for (std::size_t i = nodes.size(); i-- > 0;) {
        nodes[i].inclusive += nodes[i].self;
        if (nodes[i].parent >= 0) {
            nodes[static_cast<std::size_t>(nodes[i].parent)].inclusive += nodes[i].inclusive;
        }
    }
    return nodes;
}

} // namespace

std::vector<FlameBox> makeFlame(const Profile& profile, int layer) {
    std::vector<Node> nodes = mergedTree(profile, layer);
    const auto larger = [&](std::size_t a, std::size_t b) {
        return nodes[a].inclusive != nodes[b].inclusive ? nodes[a].inclusive > nodes[b].inclusive : a < b;
    };
    std::vector<std::size_t> roots;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i].parent < 0) {
            roots.push_back(i);
        }
        std::sort(nodes[i].children.begin(), nodes[i].children.end(), larger);
    }
    std::sort(roots.begin(), roots.end(), larger);
    std::vector<FlameBox> boxes;
    struct Pending {
        std::vector<std::size_t> nodes;
        std::int32_t parent;
        int depth;
        Cycles begin;
    };
    std::vector<Pending> queue{{roots, -1, 0, 0}};
    for (std::size_t at = 0; at < queue.size(); ++at) {
        const Pending pending = queue[at]; // breadth first: boxes of a depth lie together, from left to right
        Cycles begin = pending.begin;
        for (const std::size_t n : pending.nodes) {
            const Node& node = nodes[n];
            if (node.inclusive == 0) {
                continue;
            }
            boxes.push_back(
                {node.function, pending.parent, pending.depth, begin, node.inclusive, node.self, node.calls});
            queue.push_back({node.children, static_cast<std::int32_t>(boxes.size()) - 1, pending.depth + 1, begin});
            begin += node.inclusive;
        }
    }
    return boxes;
}

} // namespace simprof::gui
