// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/ledger.h"
#include "profiler/profile.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace simprof {

class Recogniser;

/// The inference in progress of one network: its spans, and who owns what lies between them.
class Episode {
public:
    /// `recogniser` may be null; it names layers that were inlined in their host.
    Episode(Ledger& ledger, Recogniser* recogniser, std::int32_t network, std::int32_t thread)
        : m_ledger(ledger)
        , m_recogniser(recogniser)
        , m_network(network)
        , m_gap(ledger.row({OwnerKind::Gap, network, -1, -1, thread})) {}

    /// What the host did between its call and its first layer.
    struct Before {
        RowId owner = kNoRow;
        Tally taken;
        Cycles since = 0;
    };
    void begin(Cycles at, std::optional<Before> before);
    bool open() const { return m_open; }
    /// A layer begins: its row.
    RowId beginLayer(std::uint16_t layer, Cycles at);
    /// A layer begins inside the one that runs, which goes on behind it.
    RowId beginInside(std::uint16_t layer, Cycles at);
    /// The layer that began last ends.
    void endLayer(Cycles at);
    /// The host returned.
    Inference end(Cycles at);
    /// The inference ended with its newest layer: the next one began, or the run is over.
    Inference cut();
    /// It was no inference.
    void abandon();

    /// Owner of what is in no layer.
    RowId gap() const { return m_gap; }
    /// The layer that began last in this inference.
    std::optional<std::uint16_t> newestLayer() const;
    std::size_t layerRuns() const { return m_inference.spans.size(); }
    /// Layers that were inlined in their host, by the layer before.
    const std::map<std::uint16_t, std::uint16_t>& inlinedAfter() const { return m_inlinedAfter; }

private:
    LedgerRow& rowOf(const Span& span) { return m_ledger[m_ledger.layer(m_network, span.layer)]; }
    void startSpan(std::uint16_t layer, Cycles at);
    void endSpan();
    void inlineGap(Cycles at);
    void giveGapToSpan(Cycles from);
    Inference close(Cycles at);

    Ledger& m_ledger;
    Recogniser* m_recogniser;
    std::int32_t m_network;
    RowId m_gap;
    bool m_open = false;
    Inference m_inference;
    std::optional<Before> m_before;
    Cycles m_lastLayerEnd = 0;
    Cycles m_layerCyclesAtStart = 0;
    std::vector<std::uint16_t> m_around; ///< layers that go on when the one that runs ends, innermost last
    std::map<std::uint16_t, std::uint16_t> m_inlinedAfter;
};

} // namespace simprof
