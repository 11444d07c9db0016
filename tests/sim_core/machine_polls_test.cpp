// SPDX-License-Identifier: GPL-2.0-or-later
// Loops that wait for a bit of a device: not all their executions are run, and nobody can tell.
#include "tests/sim_core/tiny_machine.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace simprof {
namespace {

using test::TinyMachine;

constexpr const CoreKind* kCores[] = {&kCortexM0, &kCortexM0Plus, &kCortexM4, &kCortexM7};

/// What a run showed, and how often it read the device.
struct Outcome {
    std::string what;
    std::ptrdiff_t reads = 0;
};

Outcome outcome(const CoreKind* kind, const std::string& listing, bool steady) {
    TinyMachine tiny(kind, listing);
    tiny.line().steady = steady;
    tiny.runTo();
    Outcome outcome;
    outcome.what = fmt::format("{} cycles, {} instructions, {}, {}", tiny.machine().now(),
                               tiny.machine().instructions(), tiny.results(2), tiny.trace());
    for (const BlockRecord& record : tiny.machine().blocks().blocks()) {
        outcome.what += fmt::format("\n{:x}: {} {}", record.block.begin, record.block.executions, record.block.cycles);
        for (const auto& stalls : tiny.machine().timing().instructionStalls(record.block)) {
            outcome.what += fmt::format(" {}", fmt::join(stalls, ","));
        }
    }
    outcome.reads = std::ranges::count(tiny.line().accesses, 'r');
    return outcome;
}

TEST(MachinePolls, ALoopThatWaitsForADeviceIsNotRunToItsEnd) {
    const std::string listing = R"m0(
Reset:
    4804      | ldr r0, =0x40001000
    4905      | ldr r1, =40000
    6101      | str r1, [r0, #16]
wait:
    6902      | ldr r2, [r0, #16]
    2a00      | cmp r2, #0
    d0fc      | beq wait
    4b03      | ldr r3, =0x20000000
    601a      | str r2, [r3]
end:
    e7fe      | b end
    46c0      | .balign 4
    1000 4000 9c40 0000 0000 2000 | .ltorg
)m0";
    for (const CoreKind* kind : kCores) {
        const Outcome all = outcome(kind, listing, false), some = outcome(kind, listing, true);
        EXPECT_EQ(all.what, some.what);
        EXPECT_GT(all.reads, 1000);
        EXPECT_LT(some.reads, 50);
    }
}

TEST(MachinePolls, InterruptsComeInTheMiddle) {
    const std::string listing = R"m0(
Reset:
    4809      | ldr r0, =0x40001000
    4b0a      | ldr r3, =0xE000E100
    2103      | movs r1, #3
    6019      | str r1, [r3]
    4909      | ldr r1, =30000
    6101      | str r1, [r0, #16]
    4909      | ldr r1, =9001
    6081      | str r1, [r0, #8]
    4909      | ldr r1, =9123
    60c1      | str r1, [r0, #12]
wait:
    6902      | ldr r2, [r0, #16]
    07d2      | lsls r2, r2, #31
    d0fc      | beq wait
    0000      | movs r0, r0
end:
    e7fe      | b end
IRQ0:
IRQ1:
    4907      | ldr r1, =0x20000000
    680a      | ldr r2, [r1]
    3201      | adds r2, #1
    600a      | str r2, [r1]
    4770      | bx lr
              | .balign 4
    1000 4000 e100 e000 7530 0000 2329 0000 23a3 0000 0000 2000 | .ltorg
)m0";
    for (const CoreKind* kind : kCores) {
        const Outcome all = outcome(kind, listing, false), some = outcome(kind, listing, true);
        EXPECT_EQ(all.what, some.what);
        EXPECT_LT(some.reads, 100);
    }
}

TEST(MachinePolls, ALoopThatCountsIsRun) {
    const std::string listing = R"m0(
Reset:
    4805      | ldr r0, =0x40001000
    4906      | ldr r1, =4000
    2400      | movs r4, #0
    6101      | str r1, [r0, #16]
wait:
    3401      | adds r4, #1
    6902      | ldr r2, [r0, #16]
    2a00      | cmp r2, #0
    d0fb      | beq wait
    4b03      | ldr r3, =0x20000000
    601c      | str r4, [r3]
end:
    e7fe      | b end
    46c0      | .balign 4
    1000 4000 0fa0 0000 0000 2000 | .ltorg
)m0";
    for (const CoreKind* kind : kCores) {
        const Outcome all = outcome(kind, listing, false), some = outcome(kind, listing, true);
        EXPECT_EQ(all.what, some.what);
        EXPECT_EQ(all.reads, some.reads);
    }
}

TEST(MachinePolls, ALoopThatReadsAnotherRegisterAsWellIsRun) {
    const std::string listing = R"m0(
Reset:
    4803      | ldr r0, =0x40001000
    4904      | ldr r1, =4000
    6101      | str r1, [r0, #16]
wait:
    6943      | ldr r3, [r0, #20]
    6902      | ldr r2, [r0, #16]
    2a00      | cmp r2, #0
    d0fb      | beq wait
end:
    e7fe      | b end
              | .balign 4
    1000 4000 0fa0 0000 | .ltorg
)m0";
    for (const CoreKind* kind : kCores) {
        EXPECT_EQ(outcome(kind, listing, false).reads, outcome(kind, listing, true).reads);
    }
}

} // namespace
} // namespace simprof
