// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/spine.h"

#include "profiler/collect/collector.h"

#include <algorithm>

namespace simprof {

namespace {

constexpr double kSpineShare = 0.85;        ///< found to fit the runtimes in use
constexpr double kSignificantShare = 0.005; ///< of a node's time: smaller calls are no layers of their own
constexpr std::uint16_t kMaxSegments = 4096;

} // namespace

std::optional<Address> findSpine(const CallTree& tree) {
    const auto& nodes = tree.nodes();
    const std::vector<std::uint64_t> work = tree.inclusive(&CallTreeNode::multiplies);
    std::vector<std::vector<std::size_t>> children(nodes.size());
    for (std::size_t i = 1; i < nodes.size(); ++i) {
        children[static_cast<std::size_t>(nodes[i].parent)].push_back(i);
    }
    const auto significant = [&](std::size_t node) {
        return std::count_if(children[node].begin(), children[node].end(), [&](std::size_t child) {
            return static_cast<double>(work[child]) >= kSignificantShare * static_cast<double>(work[node]) &&
                   work[child] > 0;
        });
    };
    std::size_t at = 0;
    std::optional<std::size_t> best;
    while (!children[at].empty()) {
        std::uint64_t sum = 0;
        std::size_t biggest = children[at].front();
        for (const std::size_t child : children[at]) {
            sum += work[child];
            biggest = work[child] > work[biggest] ? child : biggest;
        }
        if (at != 0 && significant(at) >= 2) {
            best = at;
        }
        if (static_cast<double>(work[biggest]) < kSpineShare * static_cast<double>(sum) ||
            work[biggest] < 2 * nodes[biggest].multiplies) {
            break; // several calls share the work, or the one that has it does it itself
        }
        at = biggest;
    }
    return best ? std::optional(nodes[*best].entry) : std::nullopt;
}

std::optional<LayerCall> SpineRecogniser::layerOf(const CallSite& call) {
    if (call.hostEntry != m_host) {
        return std::nullopt;
    }
    const Identity identity{call.site, call.callee, call.indirect ? call.r0 : 0, call.indirect ? call.r1 : 0};
    const auto [found, isNew] = m_numbers.try_emplace(identity, static_cast<std::uint16_t>(m_segments.size()));
    if (isNew) {
        if (m_segments.size() >= kMaxSegments) {
            m_numbers.erase(found);
            return std::nullopt;
        }
        m_segments.push_back({call.site, call.callee});
    }
    return LayerCall{found->second, found->second == 0, false};
}

std::optional<std::string> implausibleNetwork(const Collector& collector) {
    constexpr std::uint64_t kFewestMultiplies = 64;
    constexpr Bytes kFewestConstants = 16;
    constexpr Bytes kFewestBytesHandedOn = 4;
    const auto& layers = collector.layers();
    std::uint64_t multiplies = 0;
    std::size_t weighted = 0;
    for (const Tally& layer : layers) {
        multiplies += layer.multiplies;
        weighted += layer.flashRead >= kFewestConstants && layer.multiplies >= 8 ? 1 : 0;
    }
    if (layers.size() < 2 || multiplies < kFewestMultiplies || weighted < 2) {
        return "the work under its main function does not multiply constants from flash as layers do";
    }
    std::size_t handedOn = 0;
    if (collector.memoryLog()) {
        for (const auto& [key, ranges] : collector.memoryLog()->flows) {
            Bytes bytes = 0;
            for (const LifeRange& range : ranges) {
                bytes += range.end - range.begin;
            }
            handedOn += key.writer != kOutside && key.reader > key.writer && bytes >= kFewestBytesHandedOn ? 1 : 0;
        }
    }
    if (handedOn * 2 < weighted - 1) {
        return "the calls of its main function do not hand data to each other as layers do";
    }
    return std::nullopt;
}

} // namespace simprof
