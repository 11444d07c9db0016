// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/recording.h"

#include <numeric>
#include <set>

namespace simprof {

namespace {

/// The spans of the layers; parts of one layer that follow each other are one span, two runs of a layer are two.
std::vector<Span> merged(const std::vector<Span>& parts, const std::vector<std::int32_t>& to) {
    std::vector<Span> spans;
    std::int32_t last = -1; // number of the part before
    for (const Span& part : parts) {
        const std::int32_t layer = to[static_cast<std::size_t>(part.layer)];
        if (!spans.empty() && layer == spans.back().layer && part.layer != last) {
            spans.back().cycles += part.cycles;
        } else if (layer >= 0) {
            spans.push_back({layer, part.startCycle, part.cycles});
        }
        last = part.layer;
    }
    return spans;
}

/// Of parts that are one layer the deepest one counts.
void renumberStacks(LayerStackPaths& stacks, std::int32_t network, const std::vector<std::int32_t>& to) {
    LayerStackPaths renumbered;
    for (auto& [key, path] : stacks) {
        const std::int32_t layer = key.first == network ? to[static_cast<std::size_t>(key.second)] : key.second;
        if (StackPath& kept = renumbered[{key.first, layer}]; path.bytes() > kept.bytes()) {
            kept = std::move(path);
        }
    }
    renumbered.erase({network, -1});
    stacks = std::move(renumbered);
}

} // namespace

std::uint64_t Recording::inferencesSeen() const {
    return std::accumulate(seen.begin(), seen.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const auto& each) { return sum + each.second; });
}

std::uint64_t Recording::inferencesSeen(std::int32_t network) const {
    const auto found = seen.find(network);
    return found == seen.end() ? 0 : found->second;
}

const MemoryLog* Recording::memoryLogOf(std::int32_t network) const {
    const auto found = memoryLogs.find(network);
    return found == memoryLogs.end() ? nullptr : &found->second;
}

const StackPath* Recording::layerStackOf(std::int32_t network, std::int32_t layer) const {
    const auto found = layerStacks.find({network, layer});
    return found == layerStacks.end() || found->second.bytes() == 0 ? nullptr : &found->second;
}

void dropInferences(Recording& recording, std::int32_t network) {
    recording.ledger.dropInferences(network);
    recording.seen.erase(network);
    std::erase_if(recording.inferences, [network](const Inference& each) { return each.network == network; });
    recording.memoryLogs.erase(network);
    std::erase_if(recording.layerStacks, [network](const auto& each) { return each.first.first == network; });
    recording.features = {};
    if (recording.inferences.empty()) {
        recording.stackSamples.clear();
    }
    recording.tree.forgetLayers(network);
}

void dropInferences(Recording& recording) {
    std::set<std::int32_t> networks;
    for (const LedgerRow* row : recording.ledger.of(OwnerKind::Layer)) {
        networks.insert(row->key.network);
    }
    for (const std::int32_t network : networks) {
        dropInferences(recording, network);
    }
    recording.tree = recording.tree.joined();
}

void renumberLayers(Recording& recording, std::int32_t network, const Renumbering& numbers) {
    recording.ledger.renumberLayers(network, numbers);
    for (Inference& inference : recording.inferences) {
        if (inference.network == network) {
            inference.spans = merged(inference.spans, numbers.to);
        }
    }
    if (const auto log = recording.memoryLogs.find(network); log != recording.memoryLogs.end()) {
        log->second = renamed(log->second, [&numbers](AccessorId who) {
            return static_cast<AccessorId>(who == kOutside ? kOutside : numbers.to[who - 1U] + 1);
        });
    }
    renumberStacks(recording.layerStacks, network, numbers.to);
    recording.tree.renumberLayers(network, numbers.to);
    recording.tree = recording.tree.joined();
}

} // namespace simprof
