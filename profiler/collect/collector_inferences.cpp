// SPDX-License-Identifier: GPL-2.0-or-later
// Layers and inferences: when they begin and end, and whose what lies between them is.
#include "profiler/collect/collector.h"

#include <algorithm>
#include <utility>

namespace simprof {

namespace {

constexpr std::uint64_t kComputingMultiplies =
    64; ///< a gap with as many multiplications is an inlined layer, not dispatch

} // namespace

void Collector::beginLayer(const LayerCall& layer, Cycles at) {
    if (layer.startsInference || !m_inInference) {
        if (m_inInference) {
            flushGap(m_between);
            endInference(m_lastLayerEnd);
        }
        beginInference(m_frames.back(), at);
    }
    if (m_options.onLayer) {
        m_options.onLayer();
    }
    const bool first = m_open.spans.empty();
    if (!first) {
        inlineGap(at);
    }
    m_layerCyclesAtStart = layerTally(layer.layer).cycles;
    ++m_layerCalls[layer.layer];
    m_open.spans.push_back({layer.layer, at, 0});
    if (!first) {
        giveGapToSpan(m_lastLayerEnd);
    }
    m_layerSp = std::min(m_machine.cpu().read(Reg::SP), stackTop());
    m_stackSamples.emplace_back(at, stackTop() - m_layerSp);
}

Tally& Collector::layerTally(std::uint16_t layer) {
    if (layer >= m_layers.size()) {
        m_layers.resize(layer + 1U);
        m_layerCalls.resize(layer + 1U);
    }
    return m_layers[layer];
}

void Collector::endLayer(Cycles at) {
    if (!m_open.spans.empty()) {
        Span& span = m_open.spans.back();
        span.cycles = m_layers[static_cast<std::size_t>(span.layer)].cycles - m_layerCyclesAtStart;
    }
    m_lastLayerEnd = at;
}

void Collector::beginInference(Frame& host, Cycles at) {
    m_open = Inference{static_cast<std::uint32_t>(m_inferences.size()), at, 0, 0, {}};
    m_hostStart = at;
    m_beforeOwner = nullptr;
    if (host.entryKnown && host.entryOwner == &base() && !host.hasHosted && m_frames.size() > 1) {
        m_hostStart = host.start;
        m_beforeOwner = &base();
        m_beforeFirstLayer = base();
        m_beforeFirstLayer -= host.outsideAtEntry;
    }
    host.hostsInference = true;
    host.hasHosted = true;
    host.inInference = true;
    m_inInference = true;
    if (m_options.memory && m_inferences.empty()) {
        m_shadow.startLog(at);
    }
}

/// What the host does around a layer is the dispatch of that layer, unless it computes: then it is a layer that was
/// inlined.
bool Collector::isDispatch(const Tally& work) { return work.multiplies < kComputingMultiplies; }

/// Makes a layer of its own of a gap that computes, for runtimes whose layers may be inlined.
void Collector::inlineGap(Cycles at) {
    if (isDispatch(m_gap) || m_open.spans.empty() || m_recogniser == nullptr) {
        return;
    }
    const auto before = static_cast<std::uint16_t>(m_open.spans.back().layer);
    const auto layer = m_recogniser->inlinedAfter(before);
    if (!layer) {
        return;
    }
    m_inlinedAfter.try_emplace(before, *layer);
    Tally& tally = layerTally(*layer);
    ++m_layerCalls[*layer];
    m_open.spans.push_back({*layer, m_lastLayerEnd, m_gap.cycles});
    flushGap(tally);
    m_lastLayerEnd = at;
}

/// Gives the gap to the newest span, which reaches back to `from` or on to it.
void Collector::giveGapToSpan(Cycles from) {
    if (m_open.spans.empty() || !isDispatch(m_gap)) {
        flushGap(m_unattributed);
        return;
    }
    Span& span = m_open.spans.back();
    span.startCycle = std::min(span.startCycle, from);
    span.cycles += span.cycles != 0 ? m_gap.cycles : 0; // an open span gets its cycles when it ends
    flushGap(m_layers[static_cast<std::size_t>(span.layer)]);
}

void Collector::flushGap(Tally& to) {
    to += m_gap;
    m_gap = {};
}

void Collector::endInference(Cycles at) {
    Cycles inLayers = 0;
    for (const Span& span : m_open.spans) {
        inLayers += span.cycles;
    }
    // What the host did before its first layer belongs to the inference, unless the host is the whole application.
    if (m_beforeOwner != nullptr && m_beforeFirstLayer.cycles * 4 <= inLayers) {
        *m_beforeOwner -= m_beforeFirstLayer;
        m_open.startCycle = m_hostStart;
        Span& first = m_open.spans.front();
        if (isDispatch(m_beforeFirstLayer)) {
            m_layers[static_cast<std::size_t>(first.layer)] += m_beforeFirstLayer;
            first.startCycle = m_hostStart;
            first.cycles += m_beforeFirstLayer.cycles;
        } else {
            m_unattributed += m_beforeFirstLayer;
        }
    }
    m_open.cycles = at - m_open.startCycle;
    m_inferences.push_back(std::move(m_open));
    m_open = {};
    m_inInference = false;
    for (Frame& frame : m_frames) {
        frame.inInference = frame.hostsInference = false;
    }
    if (m_shadow.logging()) {
        takeMemoryLog();
    }
    choose();
    if (m_options.onInferenceDone) {
        m_options.onInferenceDone();
    }
}

/// By now it is known what the host did between its calls: a layer, or dispatch, which is nobody's.
void Collector::takeMemoryLog() {
    m_memoryLog = m_shadow.takeLog();
    if (m_recogniser != nullptr && m_recogniser->mayInline()) {
        m_memoryLog = renamed(*m_memoryLog, [this](AccessorId who) {
            if (who < kHostAfter) {
                return who;
            }
            const auto layer = m_inlinedAfter.find(static_cast<std::uint16_t>(who - kHostAfter));
            return layer == m_inlinedAfter.end() ? kOutside : static_cast<AccessorId>(layer->second + 1);
        });
    }
}

void Collector::renumberLayers(const Renumbering& numbers) {
    std::vector<Tally> layers(numbers.principals.size());
    std::vector<std::uint32_t> calls;
    for (const std::uint16_t principal : numbers.principals) {
        calls.push_back(m_layerCalls[principal]);
    }
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        (numbers.to[i] >= 0 ? layers[static_cast<std::size_t>(numbers.to[i])] : m_unattributed) += m_layers[i];
    }
    for (Inference& inference : m_inferences) {
        std::vector<Span> spans;
        std::int32_t last = -1; // old number of the span before
        for (const Span& span : inference.spans) {
            const std::int32_t layer = numbers.to[static_cast<std::size_t>(span.layer)];
            if (!spans.empty() && layer == spans.back().layer && span.layer != last) {
                spans.back().cycles += span.cycles;
            } else if (layer >= 0) {
                spans.push_back({layer, span.startCycle, span.cycles});
            }
            last = span.layer;
        }
        inference.spans = std::move(spans);
    }
    if (m_memoryLog) {
        m_memoryLog = renamed(*m_memoryLog, [&numbers](AccessorId who) {
            return static_cast<AccessorId>(who == kOutside ? kOutside : numbers.to[who - 1U] + 1);
        });
    }
    m_tree.renumberLayers(numbers.to);
    m_layers = std::move(layers);
    m_layerCalls = std::move(calls);
}

void Collector::dropInferences() {
    Tally sinceEntry;
    const bool known = !m_frames.empty() && m_frames.back().entryKnown && m_frames.back().entryOwner == &base();
    if (known) {
        sinceEntry = base();
        sinceEntry -= m_frames.back().outsideAtEntry;
    }
    for (Tally& layer : m_layers) {
        m_startUp += layer;
        layer = {};
    }
    for (Tally* tally : {&m_unattributed, &m_between, &m_gap}) {
        m_startUp += *tally;
        *tally = {};
    }
    std::fill(m_layerCalls.begin(), m_layerCalls.end(), 0);
    m_inferences.clear();
    m_memoryLog.reset();
    m_stackSamples.clear();
    m_tree.forgetLayers();
    m_inInference = false;
    m_open = {};
    for (Frame& frame : m_frames) {
        frame.inInference = frame.hostsInference = frame.hasHosted = frame.entryKnown = frame.startsLayer = false;
        frame.layer = -1;
    }
    if (known) {
        m_frames.back().entryKnown = true;
        m_frames.back().entryOwner = &base();
        m_frames.back().outsideAtEntry = base();
        m_frames.back().outsideAtEntry -= sinceEntry;
    }
    choose();
}

} // namespace simprof
