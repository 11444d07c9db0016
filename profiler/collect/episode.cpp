// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/episode.h"

#include "profiler/collect/recogniser.h"

#include <algorithm>
#include <utility>

namespace simprof {

namespace {

constexpr std::uint64_t kComputingMultiplies =
    64; ///< a gap with as many multiplications is an inlined layer, not dispatch

/// What the host does around a layer is the dispatch of that layer, unless it computes: then it is a layer that was
/// inlined.
bool isDispatch(const Tally& work) { return work.multiplies < kComputingMultiplies; }

} // namespace

void Episode::begin(Cycles at, std::optional<Before> before) {
    m_inference = {};
    m_inference.startCycle = m_lastLayerEnd = at;
    m_before = std::move(before);
    m_open = true;
}

RowId Episode::beginLayer(std::uint16_t layer, Cycles at) {
    const bool first = m_inference.spans.empty();
    if (!first) {
        inlineGap(at);
    }
    const RowId row = m_ledger.layer(m_network, layer);
    ++m_ledger[row].count;
    startSpan(layer, at);
    if (!first) {
        giveGapToSpan(m_lastLayerEnd);
    }
    return row;
}

RowId Episode::beginInside(std::uint16_t layer, Cycles at) {
    if (!m_inference.spans.empty()) {
        m_around.push_back(static_cast<std::uint16_t>(m_inference.spans.back().layer));
    }
    endSpan();
    const RowId row = m_ledger.layer(m_network, layer);
    ++m_ledger[row].count;
    startSpan(layer, at);
    return row;
}

void Episode::endLayer(Cycles at) {
    endSpan();
    m_lastLayerEnd = at;
    if (!m_around.empty()) {
        startSpan(m_around.back(), at);
        m_around.pop_back();
    }
}

void Episode::startSpan(std::uint16_t layer, Cycles at) {
    m_layerCyclesAtStart = m_ledger[m_ledger.layer(m_network, layer)].tally.cycles;
    m_inference.spans.push_back({layer, at, 0});
}

void Episode::endSpan() {
    if (!m_inference.spans.empty()) {
        Span& span = m_inference.spans.back();
        span.cycles = rowOf(span).tally.cycles - m_layerCyclesAtStart;
    }
}

/// Makes a layer of its own of a gap that computes, for runtimes whose layers may be inlined.
void Episode::inlineGap(Cycles at) {
    const auto before = newestLayer();
    if (isDispatch(m_ledger[m_gap].tally) || !before || m_recogniser == nullptr) {
        return;
    }
    const auto layer = m_recogniser->inlinedAfter(m_network, *before);
    if (!layer) {
        return;
    }
    m_inlinedAfter.try_emplace(*before, *layer);
    const RowId row = m_ledger.layer(m_network, *layer);
    ++m_ledger[row].count;
    m_inference.spans.push_back({*layer, m_lastLayerEnd, m_ledger[m_gap].tally.cycles});
    m_ledger.move(m_gap, row);
    m_lastLayerEnd = at;
}

/// Gives the gap to the newest span, which reaches back to `from` or on to it.
void Episode::giveGapToSpan(Cycles from) {
    if (m_inference.spans.empty() || !isDispatch(m_ledger[m_gap].tally)) {
        m_ledger.move(m_gap, Ledger::kUnattributed);
        return;
    }
    Span& span = m_inference.spans.back();
    span.startCycle = std::min(span.startCycle, from);
    span.cycles += span.cycles != 0 ? m_ledger[m_gap].tally.cycles : 0; // an open span gets its cycles when it ends
    m_ledger.move(m_gap, m_ledger.layer(m_network, span.layer));
}

Inference Episode::end(Cycles at) {
    inlineGap(at);
    giveGapToSpan(at);
    return close(at);
}

Inference Episode::cut() {
    m_ledger.move(m_gap, Ledger::kBetween);
    return close(m_lastLayerEnd);
}

Inference Episode::close(Cycles at) {
    Cycles inLayers = 0;
    for (const Span& span : m_inference.spans) {
        inLayers += span.cycles;
    }
    // What the host did before its first layer belongs to the inference, unless the host is the whole application.
    if (m_before && m_before->taken.cycles * 4 <= inLayers) {
        m_ledger[m_before->owner].tally -= m_before->taken;
        m_inference.startCycle = m_before->since;
        Span& first = m_inference.spans.front();
        if (isDispatch(m_before->taken)) {
            rowOf(first).tally += m_before->taken;
            first.startCycle = m_before->since;
            first.cycles += m_before->taken.cycles;
        } else {
            m_ledger[Ledger::kUnattributed].tally += m_before->taken;
        }
    }
    m_inference.cycles = at - m_inference.startCycle;
    m_open = false;
    m_around.clear();
    return std::exchange(m_inference, {});
}

void Episode::abandon() {
    m_open = false;
    m_around.clear();
    m_inference = {};
}

std::optional<std::uint16_t> Episode::newestLayer() const {
    return m_inference.spans.empty() ? std::nullopt
                                     : std::optional(static_cast<std::uint16_t>(m_inference.spans.back().layer));
}

} // namespace simprof
