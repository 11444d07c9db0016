// SPDX-License-Identifier: GPL-2.0-or-later
// What becomes of the calls of a spine function: one layer is inlined in it, one has its constants copied first.
#include "profiler/collect/collector.h"
#include "profiler/runtimes/spine.h"
#include "tests/sim_core/tiny_machine.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

using test::TinyMachine;

/// Two inferences of three layers: first, one within invoke, and last, whose constants copy puts into RAM.
constexpr const char* kSpine = R"m4(
Reset:
    f000 f803 | bl invoke
    f000 f801 | bl invoke
end:
    e7fe      | b end
invoke:
    b510      | push {r4, lr}
    f04f 5000 | mov r0, #0x20000000
    491e      | ldr r1, =0x20000200
    f000 f81f | bl first
    481d      | ldr r0, =0x20000200
    491d      | ldr r1, =0x20000400
    2250      | movs r2, #80
    4c1d      | ldr r4, =0x08000300
inlined:
    6803      | ldr r3, [r0]
    f854 cb04 | ldr r12, [r4], #4
    fb03 f30c | mul r3, r3, r12
    fb03 330c | mla r3, r3, r12, r3
    fb03 330c | mla r3, r3, r12, r3
    fb03 330c | mla r3, r3, r12, r3
    fb03 330c | mla r3, r3, r12, r3
    600b      | str r3, [r1]
    3004      | adds r0, #4
    3104      | adds r1, #4
    3a01      | subs r2, #1
    d1ed      | bne inlined
    4815      | ldr r0, =0x20000800
    f000 f81b | bl copy
    4811      | ldr r0, =0x20000400
    4914      | ldr r1, =0x20000600
    4c12      | ldr r4, =0x20000800
    f000 f802 | bl last
    bd10      | pop {r4, pc}
first:
    4c12      | ldr r4, =0x08000100
last:
    2250      | movs r2, #80
layerLoop:
    6803      | ldr r3, [r0]
    f854 cb04 | ldr r12, [r4], #4
    fb03 f30c | mul r3, r3, r12
    fb03 330c | mla r3, r3, r12, r3
    fb03 330c | mla r3, r3, r12, r3
    fb03 330c | mla r3, r3, r12, r3
    fb03 330c | mla r3, r3, r12, r3
    600b      | str r3, [r1]
    3004      | adds r0, #4
    3104      | adds r1, #4
    3a01      | subs r2, #1
    d1ed      | bne layerLoop
    4770      | bx lr
copy:
    4909      | ldr r1, =0x08000500
    2250      | movs r2, #80
copyLoop:
    c908      | ldmia r1!, {r3}
    c008      | stmia r0!, {r3}
    3a01      | subs r2, #1
    d1fb      | bne copyLoop
    4770      | bx lr
    0200 2000 0400 2000 0300 0800 0800 2000 0600 2000 0100 0800 0500 0800 | .ltorg
)m4";

class CollectSpine : public testing::Test {
protected:
    CollectSpine() {
        m_tiny.machine().setListener(&m_collector);
        RunLimits limits;
        limits.cycles = 100'000;
        limits.until = {m_tiny.at("end")};
        EXPECT_EQ(m_tiny.machine().run(limits).kind, HaltReason::Kind::Until);
        m_collector.finish();
    }

    TinyMachine m_tiny{&kCortexM4, kSpine};
    const Ledger& ledger() const { return m_collector.recording().ledger; }

    SymbolTable m_symbols;
    SpineRecogniser m_spine{{SpineHost(m_tiny.at("invoke"), true, nullptr)}, m_symbols, {}};
    Collector m_collector{m_tiny.machine(), &m_spine, {}};
};

TEST_F(CollectSpine, LayersAreInTheOrderOfTheInference) {
    EXPECT_EQ(ledger().of(OwnerKind::Layer).size(), 4U);
    EXPECT_EQ(m_spine.conclude(m_collector.recording()), std::nullopt);
    ASSERT_EQ(m_spine.host(0).segments().size(), 3U);
    EXPECT_EQ(m_spine.host(0).segments()[0].callee, m_tiny.at("first"));
    EXPECT_EQ(m_spine.host(0).segments()[1].callee, m_tiny.at("invoke"));
    EXPECT_TRUE(m_spine.host(0).segments()[1].inlined);
    EXPECT_EQ(m_spine.host(0).segments()[2].callee, m_tiny.at("last"));
    EXPECT_FALSE(m_spine.host(0).segments()[2].inlined);
    const std::vector<const LedgerRow*> layers = ledger().of(OwnerKind::Layer);
    ASSERT_EQ(layers.size(), 3U);
    for (const LedgerRow* layer : layers) {
        EXPECT_EQ(layer->count, 2U);
        EXPECT_EQ(layer->tally.multiplies, 800U);
    }
    // The loop, what prepares it and what leads to the copy; the copy, what leads to the layer, the layer, the return.
    EXPECT_EQ(layers[2]->tally.instructions, 2U * (2 + 4 * 80 + 1 + 1 + 12 * 80 + 1 + 4 + 1));
}

/// As when main prepares what its endless loop goes through again in part.
TEST_F(CollectSpine, AnInferenceThatLeavesOutTheWorkIsNoRepetition) {
    Recording& recording = m_collector.recording();
    for (std::size_t i = 0; i < ledger().rows().size(); ++i) {
        LedgerRow& row = recording.ledger[RowId{static_cast<std::uint32_t>(i)}];
        row.count = row.key.kind == OwnerKind::Layer ? 1 : row.count;
    }
    EXPECT_THAT(m_spine.conclude(recording), testing::Optional(testing::HasSubstr("ran once")));
}

TEST_F(CollectSpine, AMainLoopIsNoInference) {
    Recording& recording = m_collector.recording();
    recording.inferences.front().spans.resize(9'999, recording.inferences.front().spans.front());
    EXPECT_THAT(m_spine.conclude(recording), testing::Optional(testing::HasSubstr("main loop")));
}

TEST_F(CollectSpine, EachCycleHasOneOwner) {
    m_spine.conclude(m_collector.recording());
    ASSERT_EQ(m_collector.recording().inferences.size(), 2U);
    const Cycles layers = ledger().sum(OwnerKind::Layer).cycles;
    Cycles spans = 0;
    for (const simprof::Inference& inference : m_collector.recording().inferences) {
        ASSERT_EQ(inference.spans.size(), 3U);
        Cycles at = inference.startCycle;
        for (const Span& span : inference.spans) {
            EXPECT_EQ(span.layer, &span - inference.spans.data());
            EXPECT_EQ(span.startCycle, at);
            at += span.cycles;
            spans += span.cycles;
        }
        EXPECT_EQ(at, inference.startCycle + inference.cycles);
    }
    EXPECT_EQ(layers, spans);
    EXPECT_EQ(ledger().sum(OwnerKind::Unattributed).cycles, 0U);
    EXPECT_EQ(layers + ledger().sum(OwnerKind::StartUp).cycles + ledger().sum(OwnerKind::Between).cycles,
              m_tiny.machine().now());
}

TEST_F(CollectSpine, TheInlinedLayerReadsAndWritesTensors) {
    m_spine.conclude(m_collector.recording());
    std::vector<std::string> flows;
    for (const auto& [key, ranges] : m_collector.recording().memoryLogOf(0)->flows) {
        flows.push_back(
            fmt::format("{}-{} {:x}..{:x}", key.writer, key.reader, ranges.front().begin, ranges.back().end));
    }
    EXPECT_THAT(flows, testing::ElementsAre("0-1 20000000..20000140", "1-2 20000200..20000340",
                                            "2-3 20000400..20000540", "3-3 20000800..20000940"));
}

TEST_F(CollectSpine, ConstantsAreWhatALayerReadsOfFlashButForItsLiterals) {
    m_spine.conclude(m_collector.recording());
    std::vector<std::string> constants;
    for (const auto& [who, ranges] : m_collector.recording().memoryLogOf(0)->constants) {
        constants.push_back(fmt::format("{} {:x}..{:x}", who, ranges.front().begin, ranges.back().end));
    }
    EXPECT_THAT(constants, testing::ElementsAre("1 8000100..8000240", "2 8000300..8000440", "3 8000500..8000640"));
}

/// The second layer has an argument that the interrupted code had in R1 as well.
TEST(CollectHandlers, ANetworkThatAHandlerRunsHasAllItsLayers) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    2140      | movs r1, #0x40
    df00      | svc #0
end:
    e7fe      | b end
SVCall:
    b510      | push {r4, lr}
    f000 f801 | bl invoke
    bd10      | pop {r4, pc}
invoke:
    b510      | push {r4, lr}
    4c03      | ldr r4, =layer + 1
    2101      | movs r1, #1
    47a0      | blx r4
    2140      | movs r1, #0x40
    47a0      | blx r4
    bd10      | pop {r4, pc}
layer:
    4348      | muls r0, r1
    4770      | bx lr
    011d 0800 | .ltorg
)m4");
    const SymbolTable symbols;
    SpineRecogniser spine({SpineHost(tiny.at("invoke"), true, nullptr)}, symbols, {});
    Collector collector(tiny.machine(), &spine, {});
    tiny.machine().setListener(&collector);
    RunLimits limits;
    limits.cycles = 10'000;
    limits.until = {tiny.at("end")};
    EXPECT_EQ(tiny.machine().run(limits).kind, HaltReason::Kind::Until);
    collector.finish();
    EXPECT_EQ(collector.recording().ledger.of(OwnerKind::Layer).size(), 2U);
}

} // namespace
} // namespace simprof
