// SPDX-License-Identifier: GPL-2.0-or-later
// What the collector makes of threads: their call stacks, what a layer's caller used, their stacks.
#include "profiler/collect/collector.h"
#include "tests/sim_core/tiny_machine.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

using test::TinyMachine;

/// A thread that runs a network of two layers. Between its steps, `start` runs a piece of another thread on a stack
/// that always begins anew, as a scheduler, or the system calls of an MPU port, do. `three` ends for the function that
/// started it, as such system calls do.
constexpr const char* kThreads = R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    f04f 7680 | ldr r6, =0x01000000
    2500      | movs r5, #0
    4824      | ldr r0, =0x20001000
    f380 8809 | msr psp, r0
    2002      | movs r0, #2
    f380 8814 | msr control, r0
    f3bf 8f6f | isb
    b401      | push {r0}
    bc01      | pop {r0}
    f000 f801 | bl invoke
end:
    e7fe      | b end
invoke:
    b510      | push {r4, lr}
    481e      | ldr r0, =one
    f000 f815 | bl start
    f000 f809 | bl layer0
    481c      | ldr r0, =two
    f000 f810 | bl start
    481c      | ldr r0, =three
    f000 f80d | bl start
    f000 f806 | bl layer1
    bd10      | pop {r4, pc}
layer0:
    b510      | push {r4, lr}
    4817      | ldr r0, =two
    f000 f806 | bl start
    bd10      | pop {r4, pc}
layer1:
    f240 30e8 | movw r0, #1000
layer1Loop:
    3801      | subs r0, #1
    d1fd      | bne layer1Loop
    4770      | bx lr
start:
    4915      | ldr r1, =0x20001FE0
    6188      | str r0, [r1, #24]
    61ce      | str r6, [r1, #28]
    6039      | str r1, [r7]
    df00      | svc #0
    4770      | bx lr
one:
    2064      | movs r0, #100
oneLoop:
    3801      | subs r0, #1
    d1fd      | bne oneLoop
    b40f      | push {r0-r3}
    f000 f807 | bl leaf
    df00      | svc #0
two:
    2032      | movs r0, #50
twoLoop:
    3801      | subs r0, #1
    d1fd      | bne twoLoop
    f000 f801 | bl leaf
    df00      | svc #0
leaf:
    4770      | bx lr
three:
    2501      | movs r5, #1
    df00      | svc #0
SVCall:
    f3ef 8009 | mrs r0, psp
    6839      | ldr r1, [r7]
    6038      | str r0, [r7]
    f381 8809 | msr psp, r1
    b11d      | cbz r5, back
    2500      | movs r5, #0
    694a      | ldr r2, [r1, #20]
    3a01      | subs r2, #1
    618a      | str r2, [r1, #24]
back:
    4770      | bx lr
    0000 1000 2000 0162 0800 0170 0800 017e 0800 1fe0 2000 | .ltorg
)m4";

/// Takes the calls of two functions for layers.
class TwoLayers final : public Recogniser {
public:
    TwoLayers(Address first, Address second)
        : m_first(first)
        , m_second(second) {}
    std::optional<LayerCall> layerOf(const CallSite& call) override {
        if (call.callee != m_first && call.callee != m_second) {
            return std::nullopt;
        }
        return LayerCall{static_cast<std::uint16_t>(call.callee == m_second), 0, call.callee == m_first};
    }

private:
    Address m_first, m_second;
};

class CollectThreads : public testing::Test {
protected:
    CollectThreads() {
        Collector::Options options;
        options.onThreadSwitch = [this](const ThreadSwitch& change) { noteStack(change.left); };
        m_collector = std::make_unique<Collector>(m_tiny.machine(), &m_layers, options);
        m_tiny.machine().setListener(m_collector.get());
        RunLimits limits;
        limits.cycles = 100'000;
        limits.until = {m_tiny.at("end")};
        EXPECT_EQ(m_tiny.machine().run(limits).kind, HaltReason::Kind::Until);
        m_collector->finish();
        noteStack(m_collector->stacks().own());
    }
    void noteStack(const std::optional<ThreadStack>& stack) {
        m_stacks.push_back(stack ? fmt::format("{:x} {}", stack->top, stack->top - stack->lowest) : "main stack");
    }
    const Ledger& ledger() const { return m_collector->recording().ledger; }
    std::uint64_t instructions(OwnerKind kind) const { return ledger().sum(kind).instructions; }
    /// Calls and own instructions of a function.
    std::pair<std::uint64_t, std::uint64_t> function(const std::string& label) {
        std::pair<std::uint64_t, std::uint64_t> sum;
        for (const CallTreeNode& node : m_collector->recording().tree.nodes()) {
            if (node.entry == m_tiny.at(label)) {
                sum.first += node.calls;
                sum.second += node.instructions;
            }
        }
        return sum;
    }

    TinyMachine m_tiny{&kCortexM4, kThreads};
    TwoLayers m_layers{m_tiny.at("layer0"), m_tiny.at("layer1")};
    std::vector<std::string> m_stacks;
    std::unique_ptr<Collector> m_collector;
};

TEST_F(CollectThreads, WorkOfOtherThreadsIsInNoLayer) {
    // Before its first layer the host executes 4 instructions and start's 6; the layer 4 and start's 6.
    const std::vector<const LedgerRow*> layers = ledger().of(OwnerKind::Layer);
    EXPECT_EQ(layers.at(0)->tally.instructions, 4U + 6U + 4U + 6U);
    // Twice two on the way to it and start's 6 or 5, the call, the layer, the return.
    EXPECT_EQ(layers.at(1)->tally.instructions, 2U + 6U + 2U + 5U + 1U + 2002U + 1U);
    // The start-up, and three pieces of the other thread; each cycle has one owner.
    EXPECT_EQ(instructions(OwnerKind::StartUp) + instructions(OwnerKind::Between),
              11U + (1 + 200 + 3) + 2 * (1 + 100 + 2) + 3 + 2);
    Cycles cycles = 0;
    for (const LedgerRow& row : ledger().rows()) {
        cycles += row.tally.cycles;
    }
    EXPECT_EQ(cycles, m_tiny.machine().now());
}

TEST_F(CollectThreads, OneThatBeginsWhereAnotherEndedHasCallsOfItsOwn) {
    EXPECT_EQ(function("one"), std::pair(1UL, 204UL));
    EXPECT_EQ(function("two"), std::pair(2UL, 2 * 103UL));
    EXPECT_EQ(function("leaf"), std::pair(3UL, 3UL));
    EXPECT_EQ(function("invoke"), std::pair(1UL, 10UL));
    EXPECT_EQ(function("start"), std::pair(4UL, 23UL));
}

TEST_F(CollectThreads, StacksReachDownToTheFrameOfAnException) {
    EXPECT_THAT(m_stacks,
                testing::ElementsAre("20001000 40", "20002000 48", "20001000 48", "20002000 32", "20001000 48",
                                     "20002000 32", "20001000 48", "20002000 32", "20001000 48"));
}

TEST_F(CollectThreads, DepthAtLayersIsThatOfTheirOwnStack) {
    std::vector<Bytes> depths;
    for (const auto& [cycle, bytes] : m_collector->recording().stackSamples) {
        depths.push_back(bytes);
    }
    EXPECT_THAT(depths, testing::ElementsAre(8, 8));
}

/// Takes calls by register with this argument for the one layer, as runtimes call their kernels with a node.
class LayerByArgument final : public Recogniser {
public:
    static constexpr std::uint32_t kNode = 0x1234;
    std::optional<LayerCall> layerOf(const CallSite& call) override {
        const bool layer = call.indirect && !call.foundR1 && call.arguments[1] == kNode;
        return layer ? std::optional(LayerCall{0, 0, true}) : std::nullopt;
    }
};

TEST(CollectHandlers, CallsWithArgumentsOfWhatWasInterruptedAreNoLayers) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f000 f801 | bl host
end:
    e7fe      | b end
host:
    b510      | push {r4, lr}
    4c06      | ldr r4, =layer + 1
    f241 2134 | movw r1, #0x1234
    df00      | svc #0
    47a0      | blx r4
    bd10      | pop {r4, pc}
layer:
    df00      | svc #0
    4770      | bx lr
SVCall:
    b510      | push {r4, lr}
    4b03      | ldr r3, =leaf + 1
    4798      | blx r3
    bd10      | pop {r4, pc}
leaf:
    4770      | bx lr
    0000 0115 0800 0121 0800 | .ltorg
)m4");
    LayerByArgument recogniser;
    Collector collector(tiny.machine(), &recogniser, {});
    tiny.machine().setListener(&collector);
    RunLimits limits;
    limits.cycles = 10'000;
    limits.until = {tiny.at("end")};
    EXPECT_EQ(tiny.machine().run(limits).kind, HaltReason::Kind::Until);
    collector.finish();
    const Recording& recording = collector.recording();
    ASSERT_EQ(recording.inferences.size(), 1U);
    EXPECT_EQ(recording.ledger.of(OwnerKind::Layer).at(0)->count, 1U);
    EXPECT_LT(recording.inferences.front().cycles, 200U);
}

} // namespace
} // namespace simprof
