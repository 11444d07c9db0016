// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/recording.h"

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

} // namespace

void dropInferences(Recording& recording) {
    recording.ledger.dropInferences();
    recording.inferences.clear();
    recording.inferencesLeftOut = 0;
    recording.memoryLog.reset();
    recording.stackSamples.clear();
    recording.tree.forgetLayers();
}

void renumberLayers(Recording& recording, const Renumbering& numbers) {
    recording.ledger.renumberLayers(0, numbers);
    for (Inference& inference : recording.inferences) {
        inference.spans = merged(inference.spans, numbers.to);
    }
    if (recording.memoryLog) {
        recording.memoryLog = renamed(*recording.memoryLog, [&numbers](AccessorId who) {
            return static_cast<AccessorId>(who == kOutside ? kOutside : numbers.to[who - 1U] + 1);
        });
    }
    recording.tree.renumberLayers(numbers.to);
}

} // namespace simprof
