// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/layer_watch.h"

#include <utility>

namespace simprof {

namespace {

constexpr std::size_t kMostLayerRuns = 10'000; ///< of one inference, which then counts as cut
constexpr std::size_t kMostSpans = 12'000;     ///< of all inferences that are kept

} // namespace

RowId LayerWatch::begin(const LayerCall& call, Cycles at) {
    if (call.startsInference || !m_episode.open() || m_episode.layerRuns() >= kMostLayerRuns) {
        if (m_episode.open()) {
            keep(m_episode.cut());
        }
        beginInference(at);
    }
    return m_episode.beginLayer(call.layer, at);
}

void LayerWatch::beginInference(Cycles at) {
    Frame& host = m_calls.top();
    std::optional<Episode::Before> before;
    const std::optional<Tally> taken = m_calls.takenSinceEntry();
    if (taken && !host.hasHosted && m_calls.depth() > 1) {
        before = {m_calls.outside(), *taken, host.start};
    }
    m_episode.begin(at, before);
    host.hostsInference = true;
    host.hasHosted = true;
    host.inInference = true;
    m_recording.ledger.beginInferences();
    if (m_recording.inferences.empty()) {
        m_shadow.startLog(at);
    }
}

void LayerWatch::ended(CallTracker::Ended what, Cycles at) {
    if (what.layer) {
        m_episode.endLayer(at);
    }
    if (what.host && m_episode.open()) {
        keep(m_episode.end(at));
    }
}

void LayerWatch::keep(Inference inference) {
    inference.index = static_cast<std::uint32_t>(m_recording.inferences.size());
    m_spans += inference.spans.size();
    Cycles inLayers = 0;
    for (const Span& span : inference.spans) {
        inLayers += span.cycles;
    }
    if (m_spans <= kMostSpans) {
        m_recording.inferences.push_back(std::move(inference));
    } else {
        ++m_recording.inferencesLeftOut;
    }
    m_calls.endInference();
    if (m_shadow.logging()) {
        m_recording.memoryLog = m_shadow.takeLog();
        if (m_recogniser != nullptr && m_recogniser->mayInline()) {
            // By now it is known what the host did between its calls: a layer, or dispatch, which is no layer's.
            m_recording.memoryLog = renamed(*m_recording.memoryLog, [this](AccessorId who) {
                if (who < kHostAfter) {
                    return who;
                }
                const auto layer = m_episode.inlinedAfter().find(static_cast<std::uint16_t>(who - kHostAfter));
                return layer == m_episode.inlinedAfter().end() ? kOutside : static_cast<AccessorId>(layer->second + 1);
            });
        }
    }
    if (m_done) {
        m_done(inLayers);
    }
}

void LayerWatch::drop() {
    const std::optional<Tally> taken = m_calls.takenSinceEntry();
    dropInferences(m_recording);
    m_spans = 0;
    m_episode.abandon();
    m_calls.forgetLayers();
    if (taken) {
        m_calls.setTakenSinceEntry(*taken);
    }
}

void LayerWatch::finish(Cycles at) {
    if (!m_episode.open()) {
        return;
    }
    if (m_calls.anyLayerIsOpen()) {
        m_episode.endLayer(at);
    }
    m_done = nullptr;
    keep(m_episode.cut());
}

LayerWatch::Owner LayerWatch::owner() const {
    if (m_calls.empty()) {
        return {m_calls.outside(), kOutside};
    }
    const Frame& top = m_calls.top();
    if (top.layer != kNoRow) {
        return {top.layer, static_cast<AccessorId>(m_recording.ledger[top.layer].key.layer + 1)};
    }
    if (!top.inInference) {
        return {m_calls.outside(), kOutside};
    }
    const auto before = m_episode.newestLayer();
    const bool mayBeInlined = before && m_recogniser != nullptr && m_recogniser->mayInline();
    return {m_episode.gap(), mayBeInlined ? static_cast<AccessorId>(kHostAfter + *before) : kOutside};
}

} // namespace simprof
