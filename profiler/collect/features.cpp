// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/features.h"

#include "profiler/collect/recording.h"

#include <algorithm>
#include <map>
#include <utility>

namespace simprof {

namespace {

using Node = std::int32_t;

constexpr Bytes kSmallestFlow = 4;              ///< that makes one path feed another
constexpr Bytes kLeastRead = 32;                ///< from memory that others wrote
constexpr std::uint64_t kFewestMultiplies = 64; ///< of all features together
constexpr Bytes kSmallestTable = 64;            ///< of constants, of all features together
constexpr Cycles kMostPercent = 90;             ///< of a caller's cycles: it does nothing else

bool meet(const std::vector<LifeRange>& a, const std::vector<LifeRange>& b) { // both sorted and disjoint
    for (auto left = a.begin(), right = b.begin(); left != a.end() && right != b.end();) {
        if (left->begin < right->end && right->begin < left->end) {
            return true;
        }
        left->end < right->end ? ++left : ++right;
    }
    return false;
}

class Search {
public:
    explicit Search(const Recording& recording)
        : m_recording(recording)
        , m_log(*recording.gaps.accesses)
        , m_tree(recording.tree.nodes())
        , m_accessors(m_tree.size(), kOutside)
        , m_open(m_tree.size())
        , m_feeds(m_tree.size())
        , m_isFeature(m_tree.size()) {
        for (const Node node : recording.gaps.open) {
            m_open[at(node)] = true;
        }
        if (!recording.gaps.open.empty()) { // what the function that runs the layers does is not between inferences
            std::vector<bool> isInside(m_tree.size());
            isInside[at(recording.gaps.open.back())] = true;
            for (Node node = 1; node < end(); ++node) {
                isInside[at(node)] = isInside[at(node)] || isInside[at(m_tree[at(node)].parent)];
                m_open[at(node)] = m_open[at(node)] || isInside[at(node)];
            }
        }
        for (std::size_t i = 0; i < recording.gaps.nodes.size(); ++i) {
            m_accessors[at(recording.gaps.nodes[i])] = static_cast<AccessorId>(i + 1);
        }
        addUp();
    }

    Features run() {
        findFeeding();
        Bytes table = 0;
        std::uint64_t multiplies = 0;
        for (Node node = 1; node < end(); ++node) {
            if (m_feeds[at(node)] && !m_open[at(node)] && computes(node)) {
                m_isFeature[at(node)] = true;
                table += m_constants[at(node)];
                multiplies += m_whole[at(node)].multiplies;
            }
        }
        if (table < kSmallestTable || multiplies < kFewestMultiplies) {
            return {};
        }
        addWhatHandsOn();
        addCallees();
        addCallers();
        return result();
    }

private:
    static std::size_t at(Node node) { return static_cast<std::size_t>(node); }
    AccessorId accessorOf(Node node) const { return m_accessors[at(node)]; }
    /// 0: what is no path that was followed.
    Node nodeOf(AccessorId who) const {
        const auto& nodes = m_recording.gaps.nodes;
        return who == kOutside || who > nodes.size() ? 0 : nodes[who - 1U];
    }
    Node end() const { return static_cast<Node>(m_tree.size()); }

    PathCost own(Node node) const {
        PathCost cost;
        for (const auto* paths : {&m_recording.gaps.startUp, &m_recording.gaps.between}) {
            if (at(node) < paths->size()) {
                cost += (*paths)[at(node)];
            }
        }
        return cost;
    }

    /// Costs and constants of each path with all that it called.
    void addUp() {
        for (Node node = 0; node < end(); ++node) {
            const auto constants =
                accessorOf(node) == kOutside ? m_log.constants.end() : m_log.constants.find(accessorOf(node));
            m_whole.push_back(own(node));
            m_constants.push_back(constants == m_log.constants.end() ? 0 : sizeOf(constants->second));
        }
        for (Node node = end() - 1; node > 0; --node) {
            m_whole[at(m_tree[at(node)].parent)] += m_whole[at(node)];
            m_constants[at(m_tree[at(node)].parent)] += m_constants[at(node)];
        }
    }

    /// What layers read and the application wrote.
    std::vector<LifeRange> inputs() const {
        std::vector<LifeRange> ranges;
        for (const auto& [network, log] : m_recording.memoryLogs) {
            for (const auto& [key, flow] : log.flows) {
                if (key.writer == kOutside && key.reader != kOutside && key.reader < kOtherNetwork) {
                    ranges.insert(ranges.end(), flow.begin(), flow.end());
                }
            }
        }
        return joined(std::move(ranges));
    }

    /// Paths whose data comes, by whatever way, to a network's input.
    void findFeeding() {
        const std::vector<LifeRange> input = inputs();
        std::vector<Node> next;
        for (Node node = 1; node < end(); ++node) {
            if (accessorOf(node) != kOutside && meet(writtenBy(m_log, accessorOf(node)), input)) {
                m_feeds[at(node)] = true;
                next.push_back(node);
            }
        }
        while (!next.empty()) {
            const Node reader = next.back();
            next.pop_back();
            for (const auto& [key, ranges] : m_log.flows) {
                const Node writer = nodeOf(key.writer);
                if (nodeOf(key.reader) == reader && writer > 0 && !m_feeds[at(writer)] &&
                    sizeOf(ranges) >= kSmallestFlow) {
                    m_feeds[at(writer)] = true;
                    next.push_back(writer);
                }
            }
        }
    }

    /// Does it multiply or look up what it reads from memory?
    bool computes(Node node) const {
        Bytes read = 0;
        for (const auto& [key, ranges] : m_log.flows) {
            read += key.reader == accessorOf(node) && key.writer != key.reader ? sizeOf(ranges) : 0;
        }
        return read >= kLeastRead && (m_whole[at(node)].multiplies >= kLeastRead || m_constants[at(node)] != 0);
    }

    /// What reads a feature on its way to the input, such as a quantisation that multiplies nothing.
    void addWhatHandsOn() {
        for (bool grown = true; grown;) {
            grown = false;
            for (const auto& [key, ranges] : m_log.flows) {
                const Node writer = nodeOf(key.writer);
                const Node reader = nodeOf(key.reader);
                if (writer > 0 && reader > 0 && m_isFeature[at(writer)] && m_feeds[at(reader)] &&
                    !m_isFeature[at(reader)] && !m_open[at(reader)] && sizeOf(ranges) >= kSmallestFlow) {
                    m_isFeature[at(reader)] = grown = true;
                }
            }
        }
    }

    void addCallees() {
        for (Node node = 1; node < end(); ++node) {
            const Node parent = m_tree[at(node)].parent;
            m_isFeature[at(node)] = m_isFeature[at(node)] || (parent > 0 && m_isFeature[at(parent)]);
        }
    }

    /// Functions that do nothing but call features.
    void addCallers() {
        std::vector<Cycles> features(m_tree.size());
        for (Node node = end() - 1; node > 0; --node) {
            const Cycles whole = m_whole[at(node)].cycles;
            features[at(node)] = m_isFeature[at(node)] ? whole : features[at(node)];
            if (!m_open[at(node)] && whole != 0 && features[at(node)] * 100 >= kMostPercent * whole) {
                m_isFeature[at(node)] = true;
                features[at(node)] = whole;
            }
            features[at(m_tree[at(node)].parent)] += features[at(node)];
        }
        addCallees();
    }

    /// Is that still the application's? What led to layers may have been given to them.
    bool holds(OwnerKind kind, const PathCost& cost) const {
        const Tally whole = m_recording.ledger.sum(kind);
        bool holds = cost.cycles <= whole.cycles && cost.instructions <= whole.instructions;
        for (std::size_t i = 0; i < kStallCount; ++i) {
            holds = holds && cost.stalls[i] <= whole.stalls[i];
        }
        return holds;
    }

    Features result() const {
        Features found;
        std::map<Address, Cycles> cycles;
        for (Node node = 1; node < end(); ++node) {
            if (!m_isFeature[at(node)] || own(node).cycles == 0) {
                continue;
            }
            cycles[m_tree[at(node)].entry] += own(node).cycles;
            const GapLog& gaps = m_recording.gaps;
            if (at(node) < gaps.startUp.size()) {
                found.startUp += gaps.startUp[at(node)];
            }
            if (at(node) < gaps.between.size()) {
                found.between += gaps.between[at(node)];
            }
        }
        for (const auto& [entry, taken] : cycles) {
            found.functions.push_back(entry);
        }
        std::ranges::stable_sort(found.functions, [&cycles](Address a, Address b) { return cycles[a] > cycles[b]; });
        const bool isPart = holds(OwnerKind::StartUp, found.startUp) && holds(OwnerKind::Between, found.between);
        return isPart ? found : Features();
    }

    const Recording& m_recording;
    const MemoryLog& m_log;
    const std::vector<CallTreeNode>& m_tree;
    std::vector<AccessorId> m_accessors; ///< by node
    std::vector<bool> m_open;            ///< in progress when the gap ended
    std::vector<bool> m_feeds;           ///< a network's input
    std::vector<bool> m_isFeature;
    std::vector<PathCost> m_whole;
    std::vector<Bytes> m_constants;
};

} // namespace

Features findFeatures(const Recording& recording) {
    return recording.gaps.accesses ? Search(recording).run() : Features();
}

} // namespace simprof
