// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/layer_links.h"

#include <map>

namespace simprof::gui {

std::vector<int> kernelsOf(const Profile& profile) {
    std::map<std::pair<std::int32_t, std::int32_t>, Cycles> work; // (layer, function)
    for (const CallNode& node : profile.callTree) {
        if (node.layer >= 0) {
            work[{node.layer, node.function}] += node.selfCycles;
        }
    }
    std::vector<int> kernels(profile.layers.size(), -1);
    std::vector<Cycles> most(profile.layers.size());
    for (const auto& [key, cycles] : work) {
        const auto layer = static_cast<std::size_t>(key.first);
        if (layer < kernels.size() && cycles > most[layer]) {
            most[layer] = cycles;
            kernels[layer] = key.second;
        }
    }
    return kernels;
}

std::optional<std::pair<Cycles, Cycles>> runOf(const Profile& profile, int layer, int inference) {
    const Span* longest = nullptr;
    for (std::size_t i = 0; i < profile.inferences.size() && longest == nullptr; ++i) {
        if (inference >= 0 && static_cast<int>(i) != inference) {
            continue;
        }
        for (const Span& span : profile.inferences[i].spans) {
            if (span.layer == layer && (longest == nullptr || span.cycles > longest->cycles)) {
                longest = &span;
            }
        }
    }
    if (longest == nullptr) {
        return std::nullopt;
    }
    return std::pair(longest->startCycle, longest->startCycle + std::max<Cycles>(1, longest->cycles));
}

} // namespace simprof::gui
