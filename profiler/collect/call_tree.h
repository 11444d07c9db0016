// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace simprof {

/// A node of the dynamic call tree: one function called along one path, for one layer.
struct CallTreeNode {
    std::int32_t parent = -1;
    Address entry = 0;       ///< first instruction of the function
    Address site = 0;        ///< return address of the call
    std::int32_t layer = -1; ///< of `network`
    std::int32_t network = -1;
    std::uint64_t calls = 0;
    Cycles self = 0;
    std::uint64_t instructions = 0;
    std::uint64_t multiplies = 0; ///< instructions that multiply
    bool indirect = false;        ///< called through a register
    bool handler = false;         ///< runs in an exception, called by nobody
};

/// All call paths seen, as a tree that only grows.
class CallTree {
public:
    CallTree() { m_nodes.push_back({}); }
    /// The child of `parent` for this call, made when new; `parent` itself when there are kMostNodes already. `layer`
    /// of `network`, -1 for none.
    std::int32_t child(std::int32_t parent, Address entry, Address site, std::int32_t layer, std::int32_t network = 0);
    CallTreeNode& operator[](std::int32_t index) { return m_nodes[static_cast<std::size_t>(index)]; }
    const std::vector<CallTreeNode>& nodes() const { return m_nodes; }
    /// Calls that count for their callers because there was no room for a node.
    std::uint64_t callsLeftOut() const { return m_callsLeftOut; }
    static constexpr std::size_t kMostNodes = 50'000;
    /// Takes back which nodes worked for layers of `network`.
    void forgetLayers(std::int32_t network);
    /// Layer i of `network` becomes `to[i]`, -1 for no layer; after the last call.
    void renumberLayers(std::int32_t network, const std::vector<std::int32_t>& to);
    /// The same with one node for each path, where layers were forgotten or became one.
    CallTree joined() const;
    /// Self plus all descendants, by node.
    std::vector<Cycles> inclusive() const { return inclusive(&CallTreeNode::self); }
    std::vector<std::uint64_t> inclusive(std::uint64_t CallTreeNode::*count) const;

private:
    struct Key {
        std::int32_t parent;
        Address entry;
        Address site;
        std::int32_t layer;
        std::int32_t network;
        bool operator==(const Key&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const;
    };
    std::vector<CallTreeNode> m_nodes;
    std::unordered_map<Key, std::int32_t, Hash> m_children;
    std::uint64_t m_callsLeftOut = 0;
};

} // namespace simprof
