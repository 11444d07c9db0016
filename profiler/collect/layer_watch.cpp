// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/layer_watch.h"

#include <algorithm>
#include <map>
#include <utility>

namespace simprof {

namespace {

constexpr std::size_t kMostLayerRuns = 10'000; ///< of one inference, which then counts as cut
constexpr std::size_t kMostNestedRuns = 5'000; ///< with these in an inference, layers inside of layers begin
constexpr std::size_t kMostSpans = 12'000;     ///< of all inferences that are kept

} // namespace

Episode& LayerWatch::episode(std::int32_t network) {
    while (m_episodes.size() <= static_cast<std::size_t>(network)) {
        m_episodes.emplace_back(m_recording.ledger, m_recogniser, static_cast<std::int32_t>(m_episodes.size()), -1);
    }
    return m_episodes[static_cast<std::size_t>(network)];
}

bool LayerWatch::mayNest() const {
    if (m_recogniser == nullptr || !m_recogniser->mayNest()) {
        return false;
    }
    const auto network = static_cast<std::size_t>(m_recording.ledger[m_calls.top().layer].key.network);
    return network < m_episodes.size() && m_episodes[network].layerRuns() < kMostNestedRuns;
}

RowId LayerWatch::begin(const LayerCall& call, Cycles at) {
    Episode& open = episode(call.network);
    if (m_calls.insideLayer()) {
        return open.beginInside(call.layer, at);
    }
    if (call.startsInference || !open.open() || open.layerRuns() >= kMostLayerRuns) {
        if (open.open()) {
            keep(call.network, open.cut());
        }
        beginInference(call.network, at);
    }
    return open.beginLayer(call.layer, at);
}

void LayerWatch::beginInference(std::int32_t network, Cycles at) {
    m_gaps.end();
    Frame& host = m_calls.top();
    std::optional<Episode::Before> before;
    const std::optional<Tally> taken = m_calls.takenSinceEntry();
    if (taken && !host.hasHosted && m_calls.depth() > 1) {
        before = {m_calls.outside(), *taken, host.called};
    }
    episode(network).begin(at, before);
    host.hostsInference = true;
    host.hasHosted = true;
    host.network = network;
    m_recording.ledger.beginInferences();
    if (!m_shadow.logging() && !m_recording.memoryLogs.contains(network)) {
        m_shadow.startLog(at);
        m_logged = network;
    }
}

void LayerWatch::ended(CallTracker::Ended what, Cycles at) {
    if (what.layerOf) {
        episode(*what.layerOf).endLayer(at);
    }
    if (what.hostOf && episode(*what.hostOf).open()) {
        keep(*what.hostOf, episode(*what.hostOf).end(at));
    }
}

void LayerWatch::keep(std::int32_t network, Inference inference) {
    inference.index = static_cast<std::uint32_t>(m_recording.inferences.size());
    inference.network = network;
    m_spans += inference.spans.size();
    Cycles inLayers = 0;
    for (const Span& span : inference.spans) {
        inLayers += span.cycles;
    }
    m_calls.endInference(network);
    if (m_logged == network) {
        keepLog(network, inference.spans);
    }
    m_gaps.begin(inference.startCycle + inference.cycles);
    if (m_spans <= kMostSpans || m_recording.inferencesSeen(network) == 0) {
        m_recording.inferences.push_back(std::move(inference));
    }
    ++m_recording.seen[network];
    if (m_done) {
        m_done(network, inLayers);
    }
}

/// What the host does between two calls is dispatch of the layer that follows, and of the last one, see Episode.
void LayerWatch::keepLog(std::int32_t network, const std::vector<Span>& spans) {
    m_logged = -1;
    MemoryLog log = m_shadow.takeLog();
    log.inference = static_cast<std::uint32_t>(m_recording.inferencesSeen(network));
    std::map<std::int32_t, std::int32_t> next;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        next.try_emplace(spans[i].layer, spans[std::min(i + 1, spans.size() - 1)].layer);
    }
    // By now it is known what the host did between its calls: a layer, or dispatch.
    const auto& inlinedAfter = episode(network).inlinedAfter();
    const auto nameOf = [&](AccessorId who) {
        if (who < kHostAfter) {
            return who == kOtherNetwork ? kOutside : who;
        }
        const auto before = static_cast<std::uint16_t>(who - kHostAfter);
        if (const auto layer = inlinedAfter.find(before); layer != inlinedAfter.end()) {
            return static_cast<AccessorId>(layer->second + 1);
        }
        const auto layer = next.find(before);
        return layer == next.end() ? kOutside : static_cast<AccessorId>(layer->second + 1);
    };
    const bool hasOthers = m_episodes.size() > 1 || (m_recogniser != nullptr && m_recogniser->mayInline());
    m_recording.memoryLogs.insert_or_assign(network, hasOthers ? renamed(log, nameOf) : std::move(log));
    if (m_recogniser != nullptr) {
        m_recogniser->inferenceNoted(network);
    }
}

void LayerWatch::drop(std::int32_t network) {
    const std::optional<Tally> taken = m_calls.takenSinceEntry();
    if (m_logged == network) {
        m_logged = -1;
        (void)m_shadow.takeLog();
    }
    for (const Inference& inference : m_recording.inferences) {
        m_spans -= inference.network == network ? inference.spans.size() : 0;
    }
    dropInferences(m_recording, network);
    m_gaps.restart();
    episode(network).abandon();
    m_calls.forgetLayers(network);
    if (taken) {
        m_calls.setTakenSinceEntry(*taken);
    }
}

void LayerWatch::finish(Cycles at) {
    m_done = nullptr;
    m_gaps.end();
    for (std::int32_t network = 0; network < static_cast<std::int32_t>(m_episodes.size()); ++network) {
        Episode& open = episode(network);
        if (!open.open()) {
            continue;
        }
        if (m_calls.anyLayerIsOpen(network)) {
            open.endLayer(at);
        }
        keep(network, open.cut());
    }
}

LayerWatch::Owner LayerWatch::owner() const {
    if (m_calls.empty()) {
        return {m_calls.outside(), kOutside};
    }
    const Frame& top = m_calls.top();
    if (top.layer != kNoRow) {
        const LedgerKey& key = m_recording.ledger[top.layer].key;
        const bool isLogged = m_logged < 0 || key.network == m_logged;
        return {top.layer, isLogged ? static_cast<AccessorId>(key.layer + 1) : kOtherNetwork};
    }
    if (top.network < 0) {
        return {m_calls.outside(), kOutside};
    }
    const Episode& open = episode(top.network);
    const auto before = open.newestLayer();
    const bool mayBeInlined = before && m_recogniser != nullptr && m_recogniser->mayInline();
    return {open.gap(), mayBeInlined ? static_cast<AccessorId>(kHostAfter + *before) : kOutside};
}

} // namespace simprof
