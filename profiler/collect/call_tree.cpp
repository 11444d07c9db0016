// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/call_tree.h"

namespace simprof {

std::size_t CallTree::Hash::operator()(const Key& key) const {
    std::uint64_t h = (std::uint64_t{static_cast<std::uint32_t>(key.parent)} << 32 | key.entry) * 0x9E3779B97F4A7C15U;
    h ^= (std::uint64_t{key.site} << 24 ^ static_cast<std::uint64_t>(key.network + 1) << 16 ^
          static_cast<std::uint32_t>(key.layer)) *
         0xC2B2AE3D27D4EB4FU;
    return h ^ h >> 29;
}

std::int32_t CallTree::child(std::int32_t parent, Address entry, Address site, std::int32_t layer,
                             std::int32_t network) {
    const Key key{parent, entry, site, layer, layer >= 0 ? network : -1};
    if (m_nodes.size() >= kMostNodes) {
        const auto known = m_children.find(key);
        m_callsLeftOut += known == m_children.end() ? 1 : 0;
        return known == m_children.end() ? parent : known->second;
    }
    const auto [found, isNew] = m_children.try_emplace(key, static_cast<std::int32_t>(m_nodes.size()));
    if (isNew) {
        m_nodes.push_back({parent, entry, site, layer, key.network, 0, 0, 0, 0, false});
    }
    return found->second;
}

void CallTree::forgetLayers(std::int32_t network) {
    for (CallTreeNode& node : m_nodes) {
        if (node.network == network) {
            node.layer = node.network = -1;
        }
    }
    // Later calls for a layer make nodes of their own.
    std::erase_if(m_children, [network](const auto& entry) { return entry.first.network == network; });
}

void CallTree::renumberLayers(std::int32_t network, const std::vector<std::int32_t>& to) {
    for (CallTreeNode& node : m_nodes) {
        if (node.network == network) {
            node.layer = to[static_cast<std::size_t>(node.layer)];
            node.network = node.layer >= 0 ? network : -1;
        }
    }
}

CallTree CallTree::joined() const {
    CallTree made;
    std::vector<std::int32_t> to(m_nodes.size());
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        const CallTreeNode& node = m_nodes[i];
        to[i] = node.parent < 0 ? 0
                                : made.child(to[static_cast<std::size_t>(node.parent)], node.entry, node.site,
                                             node.layer, node.network);
        CallTreeNode& same = made[to[i]];
        same.calls += node.calls;
        same.self += node.self;
        same.instructions += node.instructions;
        same.multiplies += node.multiplies;
        same.indirect |= node.indirect;
        same.handler |= node.handler;
    }
    return made;
}

std::vector<std::uint64_t> CallTree::inclusive(std::uint64_t CallTreeNode::*count) const {
    std::vector<std::uint64_t> sums(m_nodes.size());
    for (std::size_t i = m_nodes.size(); i-- > 0;) {
        sums[i] += m_nodes[i].*count;
        if (m_nodes[i].parent >= 0) {
            sums[static_cast<std::size_t>(m_nodes[i].parent)] += sums[i];
        }
    }
    return sums;
}

} // namespace simprof
