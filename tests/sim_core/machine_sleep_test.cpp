// SPDX-License-Identifier: GPL-2.0-or-later
// Waiting, waking and counting time.
#include "tests/sim_core/tiny_machine.h"

namespace simprof {
namespace {

using test::TinyMachine;

TEST(MachineSleep, WfiWithNothingToWakeItSaysSoEvenWithALimit) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
there:
    bf30      | wfi
    e7fd      | b there
)m4");
    const HaltReason halt = tiny.run("end", 1'000'000'000);
    EXPECT_EQ(halt.kind, HaltReason::Kind::WaitsForever);
    EXPECT_LT(tiny.machine().now(), 100U);
}

TEST(MachineSleep, SaysWhatWouldWake) {
    struct Row {
        const char* listing;
        const char* what;
    };
    const Row rows[] = {
        {R"m4(
Reset:
    bf30      | wfi
)m4",
         "waits in WFI at 0x08000100 and nothing is left that could wake it: no interrupt is enabled"},
        {R"m4(
Reset:
    4802      | ldr r0, =0xE000E100
    2107      | movs r1, #7
    6001      | str r1, [r0]
    b672      | cpsid i
    bf30      | wfi
    0000 e100 e000 | .ltorg
)m4",
         "waits in WFI at 0x08000108 and nothing is left that could wake it: IRQ0, IRQ1, IRQ2 would, but "
         "no device is about to raise one of them"},
        {R"m4(
Reset:
    4802      | ldr r0, =0xE000E100
    2101      | movs r1, #1
    6001      | str r1, [r0]
    b672      | cpsid i
end:
    e7fe      | b end
    bf00      | .balign 4
    e100 e000 | .ltorg
)m4",
         "branches to itself at 0x08000108 and nothing is left that could interrupt it: PRIMASK holds IRQ0 "
         "back"},
        {R"m4(
Reset:
    bf20      | wfe
)m4",
         "waits in WFE at 0x08000100 and nothing is left that could wake it: an event would, but nobody is "
         "about to send one; no interrupt is enabled"}};
    for (const Row& row : rows) {
        TinyMachine tiny(&kCortexM4, row.listing);
        EXPECT_EQ(tiny.run("").what, row.what);
    }
}

TEST(MachineSleep, ATimerThatInterruptsNobodyDoesNotKeepWfiAlive) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    4803      | ldr r0, =0xE000E010
    2163      | movs r1, #99
    6041      | str r1, [r0, #4]
    2105      | movs r1, #5
    6001      | str r1, [r0]
there:
    bf30      | wfi
    e7fd      | b there
SysTick:
    4770      | bx lr
    e010 e000 | .ltorg
)m4");
    EXPECT_EQ(tiny.run("end", 1'000'000).kind, HaltReason::Kind::WaitsForever);
    tiny.machine().systemControl().write(0xE000E010, 4, 7); // with TICKINT it goes on
    EXPECT_EQ(tiny.run("end", 10'000).kind, HaltReason::Kind::Limit);
}

constexpr const char* kSleeps = R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4807      | ldr r0, =0xE000E100
    2101      | movs r1, #1
    6001      | str r1, [r0]
    4807      | ldr r0, =0x40001008
    e7ff      | b body
body:
    21c8      | movs r1, #200
    6001      | str r1, [r0]
    bf30      | wfi
    6839      | ldr r1, [r7]
    6079      | str r1, [r7, #4]
end:
    e7fe      | b end
IRQ0:
    6839      | ldr r1, [r7]
    3101      | adds r1, #1
    6039      | str r1, [r7]
    4770      | bx lr
    0000 e100 e000 1008 4000 | .ltorg
)m4";

TEST(MachineSleep, WfiSleepsUntilTheInterruptAndServesItFirst) {
    TinyMachine tiny(&kCortexM4, kSleeps);
    tiny.runTo("body");
    const Cycles start = tiny.machine().now();
    tiny.runTo();
    EXPECT_EQ(tiny.results(2), "1 1");
    const std::string trace = tiny.trace();
    EXPECT_TRUE(trace.starts_with("sleep 19") && trace.ends_with("+IRQ0 12 -IRQ0 10")) << trace;
    EXPECT_GT(tiny.machine().now() - start, 200U + 22U);
}

TEST(MachineSleep, PrimaskLetsWfiWakeButNotTheHandlerRun) {
    TinyMachine tiny(&kCortexM4, kSleeps);
    tiny.runTo("body");
    tiny.machine().cpu().write(Reg::PRIMASK, 1);
    tiny.runTo();
    EXPECT_EQ(tiny.results(2), "0 0");
}

TEST(MachineSleep, SleepOnExitSleepsBetweenInterrupts) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4809      | ldr r0, =0xE000E100
    2103      | movs r1, #3
    6001      | str r1, [r0]
    4809      | ldr r0, =0xE000ED10
    2102      | movs r1, #2
    6001      | str r1, [r0]
    4808      | ldr r0, =0x40001008
    2164      | movs r1, #100
    6001      | str r1, [r0]
    21fa      | movs r1, #250
    6041      | str r1, [r0, #4]
    bf30      | wfi
    e004      | b end
IRQ0:
    4770      | bx lr
IRQ1:
    4803      | ldr r0, =0xE000ED10
    2100      | movs r1, #0
    6001      | str r1, [r0]
    4770      | bx lr
end:
    e7fe      | b end
    0000 e100 e000 ed10 e000 1008 4000 | .ltorg
)m4");
    tiny.runTo();
    const std::string trace = tiny.trace();
    EXPECT_EQ(trace.find("+IRQ0 12 -IRQ0 10 sleep "), trace.find("+")) << trace;
    EXPECT_TRUE(trace.ends_with("+IRQ1 12 -IRQ1 10")) << trace;
}

TEST(MachineSleep, SevonpendWakesWfeOncePerInterruptThatBecomesPending) {
    // IRQ 0 stays pending and disabled: it wakes the first WFE, not the second.
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    4804      | ldr r0, =0xE000ED10
    2110      | movs r1, #16
    6001      | str r1, [r0]
    4804      | ldr r0, =0x40001008
    2164      | movs r1, #100
    6001      | str r1, [r0]
    bf20      | wfe
    2201      | movs r2, #1
second:
    bf20      | wfe
end:
    e7fe      | b end
    ed10 e000 1008 4000 | .ltorg
)m4");
    const HaltReason halt = tiny.run();
    EXPECT_EQ(halt.kind, HaltReason::Kind::WaitsForever);
    EXPECT_EQ(tiny.machine().cpu().registers().r[2], 1U);
}

TEST(MachineSleep, WithoutSevonpendADisabledInterruptDoesNotWake) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    4802      | ldr r0, =0x40001008
    2164      | movs r1, #100
    6001      | str r1, [r0]
    bf20      | wfe
end:
    e7fe      | b end
    0000 1008 4000 | .ltorg
)m4");
    EXPECT_EQ(tiny.run().kind, HaltReason::Kind::WaitsForever);
}

TEST(MachineSleep, SevAndExceptionsSetTheEvent) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    bf40      | sev
    bf20      | wfe
    df00      | svc #0
    bf20      | wfe
end:
    e7fe      | b end
SVCall:
    4770      | bx lr
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.trace(), "+SVCall 12 -SVCall 10");
}

TEST(MachineSleep, DevicesFinishBehindTheEnd) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    4801      | ldr r0, =0x40001008
    21c8      | movs r1, #200
    6001      | str r1, [r0]
end:
    e7fe      | b end
    1008 4000 | .ltorg
)m4");
    EXPECT_EQ(tiny.run("").kind, HaltReason::Kind::WaitsForever);
    Machine& machine = tiny.machine();
    const Nvic& nvic = machine.systemControl().nvic();
    const Cycles end = machine.now();
    const std::uint64_t time = machine.nowNanoseconds();
    EXPECT_EQ(machine.letDevicesFinish([] { return false; }, 1'000'000), std::nullopt);
    EXPECT_FALSE(nvic.pending(16)) << "nobody was busy";
    Cycles last = 0;
    EXPECT_EQ(machine.letDevicesFinish(
                  [&] {
                      last = machine.now();
                      return !nvic.pending(16);
                  },
                  1'000'000),
              std::nullopt);
    EXPECT_TRUE(nvic.pending(16));
    EXPECT_NEAR(static_cast<double>(last - end), 200, 20);
    EXPECT_EQ(machine.now(), end);
    EXPECT_EQ(machine.nowNanoseconds(), time);
}

TEST(MachineTime, CyccntDifferencesAreOurs) {
    for (const CoreKind* core : {&kCortexM4, &kCortexM7}) {
        TinyMachine tiny(core, R"m4(
Reset:
    4809      | ldr r0, =0xE000EDFC
    f04f 7180 | mov r1, #0x01000000
    6001      | str r1, [r0]
    4808      | ldr r0, =0xE0001000
    2101      | movs r1, #1
    6001      | str r1, [r0]
    e7ff      | b warm
warm:
    e7ff      | b first
first:
    6842      | ldr r2, [r0, #4]
    230a      | movs r3, #10
    e7ff      | b loop
loop:
    3b01      | subs r3, #1
    d1fd      | bne loop
    df00      | svc #0
    e7ff      | b second
second:
    6844      | ldr r4, [r0, #4]
end:
    e7fe      | b end
SVCall:
    4770      | bx lr
    0000 edfc e000 1000 e000 | .ltorg
)m4");
        tiny.runTo("first");
        const Cycles first = tiny.machine().now();
        tiny.runTo("second");
        const Cycles second = tiny.machine().now();
        tiny.runTo();
        const CoreRegisters registers = tiny.machine().cpu().registers();
        EXPECT_EQ(registers.r[4] - registers.r[2], second - first) << core->name;
        EXPECT_GT(second - first, 40U);
    }
}

TEST(MachineTime, SysTickCountsDownWrapsAndInterrupts) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4807      | ldr r0, =0xE000E010
    2163      | movs r1, #99
    6041      | str r1, [r0, #4]
    2100      | movs r1, #0
    6081      | str r1, [r0, #8]
    2107      | movs r1, #7
    6001      | str r1, [r0]
    e7ff      | b wait
wait:
    6839      | ldr r1, [r7]
    2903      | cmp r1, #3
    d1fc      | bne wait
end:
    e7fe      | b end
SysTick:
    6839      | ldr r1, [r7]
    3101      | adds r1, #1
    6039      | str r1, [r7]
    4770      | bx lr
    e010 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.trace(), "+SysTick 12 -SysTick 10 +SysTick 12 -SysTick 10 +SysTick 12 -SysTick 10");
    EXPECT_GE(tiny.machine().now(), 300U);
    EXPECT_LT(tiny.machine().now(), 380U);
}

TEST(MachineTime, SysTickReadInsideABlockHasWrapped) {
    // Period 10; thirty NOPs between two reads in one block: three whole turns.
    std::string listing = R"m4(
Reset:
    480b      | ldr r0, =0xE000E010
    2109      | movs r1, #9
    6041      | str r1, [r0, #4]
    2100      | movs r1, #0
    6081      | str r1, [r0, #8]
    2105      | movs r1, #5
    6001      | str r1, [r0]
    e7ff      | b body
body:
    6882      | ldr r2, [r0, #8]
    bf00      | nop
    bf00      | nop
    bf00      | nop
    bf00      | nop
    bf00      | nop
    bf00      | nop
    bf00      | nop
    bf00      | nop
    bf00      | nop
    6883      | ldr r3, [r0, #8]
    bf00      | nop
    bf00      | nop
    bf00      | nop
    6884      | ldr r4, [r0, #8]
end:
    e7fe      | b end
    e010 e000 | .ltorg
)m4";
    TinyMachine tiny(&kCortexM4, listing);
    tiny.runTo();
    const CoreRegisters registers = tiny.machine().cpu().registers();
    const auto passed = [](std::uint32_t from, std::uint32_t to) { return (from + 10 - to) % 10; };
    EXPECT_LT(registers.r[2], 10U);
    EXPECT_LT(registers.r[3], 10U);
    // LDR 2 cycles and 9 NOPs; LDR 2 and 3 NOPs.
    EXPECT_EQ(passed(registers.r[2], registers.r[3]), 1U);
    EXPECT_EQ(passed(registers.r[3], registers.r[4]), 5U);
}

} // namespace
} // namespace simprof
