// SPDX-License-Identifier: GPL-2.0-or-later
// What becomes of recorded steps when they are found to be parts of layers, or none.
#include "profiler/collect/recording.h"
#include "tests/support/ledger_text.h"

#include <gtest/gtest.h>

namespace simprof {
namespace {

/// One inference of four steps: 0 copies the constants of 1, which runs twice; 2 belongs to no layer.
Recording fourSteps() {
    Recording recording;
    recording.ledger.beginInferences();
    const Cycles cycles[] = {5, 40, 7, 100};
    for (std::int32_t step = 0; step < 4; ++step) {
        LedgerRow& row = recording.ledger[recording.ledger.layer(0, step)];
        row.tally.cycles = cycles[step];
        row.count = step == 1 ? 2 : 1;
        const std::int32_t node = recording.tree.child(0, 0x100, 0x200 + 4 * static_cast<Address>(step), step);
        recording.tree[node].self = cycles[step];
    }
    recording.inferences = {{0, 10, 152, 0, {{0, 10, 5}, {1, 15, 20}, {1, 35, 20}, {2, 55, 7}, {3, 62, 100}}}};
    recording.memoryLogs[0].flows[{2, 4}] = {{0x100, 0x140, 0, 0}};
    recording.stackSamples = {{10, 64}};
    return recording;
}

TEST(Recording, StepsBecomeLayers) {
    Recording recording = fourSteps();
    renumberLayers(recording, 0, {{0, 0, -1, 1}, {1, 3}});
    EXPECT_EQ(test::ledgerText(recording.ledger), "unattributed: 7 cycles\n"
                                                  "layer 0.0: 45 cycles x2\n"
                                                  "layer 0.1: 100 cycles x1\n");
    const std::vector<Span> spans = {{0, 10, 25}, {0, 35, 20}, {1, 62, 100}};
    EXPECT_EQ(recording.inferences.front().spans, spans);
    EXPECT_TRUE(recording.memoryLogOf(0)->flows.contains({1, 2}));
    std::string layers;
    for (const CallTreeNode& node : recording.tree.nodes()) {
        layers += fmt::format("{} ", node.layer);
    }
    EXPECT_EQ(layers, "-1 0 0 -1 1 ");
}

TEST(Recording, DroppedInferencesLeaveNothing) {
    Recording recording = fourSteps();
    dropInferences(recording);
    EXPECT_EQ(test::ledgerText(recording.ledger), "start-up: 152 cycles\n");
    EXPECT_TRUE(recording.inferences.empty());
    EXPECT_EQ(recording.memoryLogOf(0), nullptr);
    EXPECT_TRUE(recording.stackSamples.empty());
    for (const CallTreeNode& node : recording.tree.nodes()) {
        EXPECT_EQ(node.layer, -1);
    }
}

} // namespace
} // namespace simprof
