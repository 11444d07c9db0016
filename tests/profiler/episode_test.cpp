// SPDX-License-Identifier: GPL-2.0-or-later
// Inferences as event tapes: what the host and its layers do in, spans and owners out.
#include "profiler/collect/episode.h"
#include "profiler/collect/recogniser.h"
#include "tests/support/ledger_text.h"

#include <gtest/gtest.h>

#include <sstream>

namespace simprof {
namespace {

/// Knows one layer that was inlined behind layer 0: number 7.
class InlinedSeven final : public Recogniser {
public:
    std::optional<LayerCall> layerOf(const CallSite&) override { return std::nullopt; }
    std::optional<std::uint16_t> inlinedAfter(std::int32_t, std::uint16_t layer) override {
        return layer == 0 ? std::optional<std::uint16_t>(7) : std::nullopt;
    }
};

/// Plays a tape and returns what became of it: "0+50: layer 0 @10+30" for an inference from cycle 0 on that took 50
/// cycles, 30 of them in a span of layer 0 that began at 10; then the ledger.
class Player {
public:
    explicit Player(Recogniser* recogniser = nullptr)
        : m_episode(m_ledger, recogniser, 0, -1) {}

    /// Lines are "host CYCLES [MULTIPLIES]" (before the first layer in the host's own call: "call"), "layer NUMBER
    /// CYCLES", "return", "cut", "abandon"; a layer with others inside is "around NUMBER CYCLES", "inside NUMBER
    /// CYCLES", "goes-on CYCLES", "ends".
    std::string play(const std::string& tape) {
        std::istringstream lines(tape);
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::string what;
            std::uint64_t first = 0;
            std::uint64_t second = 0;
            words >> what >> first >> second;
            step(what, first, second);
        }
        return m_text + test::ledgerText(m_ledger);
    }

private:
    void step(const std::string& what, std::uint64_t first, std::uint64_t second) {
        if (what == "call") {
            m_called = Episode::Before{Ledger::kStartUp, {}, m_now};
        } else if (what == "host") {
            const RowId owner = m_episode.open() ? m_episode.gap() : Ledger::kStartUp;
            take(owner, first, second);
            if (m_called && !m_episode.open()) {
                m_called->taken.cycles += first;
                m_called->taken.multiplies += second;
            }
        } else if (what == "layer") {
            if (!m_episode.open()) {
                m_episode.begin(m_now, std::exchange(m_called, {}));
            }
            take(m_episode.beginLayer(static_cast<std::uint16_t>(first), m_now), second, 0);
            m_episode.endLayer(m_now);
        } else if (what == "around") {
            m_episode.begin(m_now, {});
            m_around = m_episode.beginLayer(static_cast<std::uint16_t>(first), m_now);
            take(m_around, second, 0);
        } else if (what == "inside") {
            take(m_episode.beginInside(static_cast<std::uint16_t>(first), m_now), second, 0);
            m_episode.endLayer(m_now);
        } else if (what == "goes-on") {
            take(m_around, first, 0);
        } else if (what == "ends") {
            m_episode.endLayer(m_now);
        } else if (what == "return") {
            note(m_episode.end(m_now));
        } else if (what == "cut") {
            note(m_episode.cut());
        } else if (what == "abandon") {
            m_episode.abandon();
        }
    }
    void take(RowId row, Cycles cycles, std::uint64_t multiplies) {
        m_ledger[row].tally.cycles += cycles;
        m_ledger[row].tally.multiplies += multiplies;
        m_now += cycles;
    }
    void note(const Inference& inference) {
        m_text += fmt::format("{}+{}:", inference.startCycle, inference.cycles);
        for (const Span& span : inference.spans) {
            m_text += fmt::format(" layer {} @{}+{}", span.layer, span.startCycle, span.cycles);
        }
        m_text += '\n';
    }

    Ledger m_ledger;
    Episode m_episode;
    Cycles m_now = 0;
    RowId m_around = kNoRow;
    std::optional<Episode::Before> m_called;
    std::string m_text;
};

TEST(Episode, DispatchBelongsToTheLayerThatItLeadsTo) {
    EXPECT_EQ(Player().play("layer 0 100\nhost 5\nlayer 1 200\nhost 7\nreturn\n"),
              "0+312: layer 0 @0+100 layer 1 @100+212\n"
              "layer 0.0: 100 cycles x1\n"
              "layer 0.1: 212 cycles x1\n");
}

TEST(Episode, ALayerGoesOnBehindThoseInsideOfIt) {
    EXPECT_EQ(
        Player().play("around 3 10\ninside 4 100\ngoes-on 5\ninside 4 100\ngoes-on 7\nends\nlayer 5 50\nreturn\n"),
        "0+272: layer 3 @0+10 layer 4 @10+100 layer 3 @110+5 layer 4 @115+100 layer 3 @215+7 layer 5 @222+50\n"
        "layer 0.3: 22 cycles x1\n"
        "layer 0.4: 200 cycles x2\n"
        "layer 0.5: 50 cycles x1\n");
}

TEST(Episode, WhatTheHostComputesIsNoLayersUnlessOneWasInlined) {
    EXPECT_EQ(Player().play("layer 0 100\nhost 50 64\nlayer 1 200\nreturn\n"),
              "0+350: layer 0 @0+100 layer 1 @150+200\n"
              "unattributed: 50 cycles\n"
              "layer 0.0: 100 cycles x1\n"
              "layer 0.1: 200 cycles x1\n");
    InlinedSeven recogniser;
    EXPECT_EQ(Player(&recogniser).play("layer 0 100\nhost 50 64\nlayer 1 200\nhost 60 64\nreturn\n"),
              "0+410: layer 0 @0+100 layer 7 @100+50 layer 1 @150+200\n"
              "unattributed: 60 cycles\n"
              "layer 0.0: 100 cycles x1\n"
              "layer 0.1: 200 cycles x1\n"
              "layer 0.7: 50 cycles x1\n");
}

TEST(Episode, WhatTheHostDoesBeforeItsFirstLayerBelongsToTheInference) {
    EXPECT_EQ(Player().play("host 10\ncall\nhost 20\nlayer 0 100\nreturn\n"), "10+120: layer 0 @10+120\n"
                                                                              "start-up: 10 cycles\n"
                                                                              "layer 0.0: 120 cycles x1\n");
}

TEST(Episode, AHostThatDoesMoreThanAQuarterBeforeItIsTheApplication) {
    EXPECT_EQ(Player().play("call\nhost 26\nlayer 0 100\nreturn\n"), "26+100: layer 0 @26+100\n"
                                                                     "start-up: 26 cycles\n"
                                                                     "layer 0.0: 100 cycles x1\n");
}

TEST(Episode, WhatComputesBeforeTheFirstLayerIsNoLayers) {
    EXPECT_EQ(Player().play("call\nhost 20 64\nlayer 0 100\nreturn\n"), "0+120: layer 0 @20+100\n"
                                                                        "unattributed: 20 cycles\n"
                                                                        "layer 0.0: 100 cycles x1\n");
}

TEST(Episode, ThatIsCutEndsWithItsLastLayer) {
    EXPECT_EQ(Player().play("layer 0 100\nhost 500\ncut\nlayer 0 90\nreturn\n"), "0+100: layer 0 @0+100\n"
                                                                                 "600+90: layer 0 @600+90\n"
                                                                                 "between: 500 cycles\n"
                                                                                 "layer 0.0: 190 cycles x2\n");
}

TEST(Episode, ThatIsAbandonedLeavesNoSpans) {
    EXPECT_EQ(Player().play("layer 0 100\nabandon\nlayer 1 40\nreturn\n"), "100+40: layer 1 @100+40\n"
                                                                           "layer 0.0: 100 cycles x1\n"
                                                                           "layer 0.1: 40 cycles x1\n");
}

TEST(Episode, TwoNetworksHaveRowsOfTheirOwn) {
    Ledger ledger;
    Episode frontEnd(ledger, nullptr, 0, -1);
    Episode classifier(ledger, nullptr, 1, -1);
    frontEnd.begin(0, {});
    ledger[frontEnd.beginLayer(0, 0)].tally.cycles += 10;
    classifier.begin(10, {});
    ledger[classifier.beginLayer(0, 10)].tally.cycles += 20;
    ledger[classifier.gap()].tally.cycles += 3;
    classifier.endLayer(30);
    EXPECT_EQ(classifier.end(33).cycles, 23U);
    frontEnd.endLayer(33);
    EXPECT_EQ(frontEnd.end(33).spans.front().cycles, 10U);
    EXPECT_EQ(test::ledgerText(ledger), "layer 0.0: 10 cycles x1\n"
                                        "layer 1.0: 23 cycles x1\n");
}

} // namespace
} // namespace simprof
