// SPDX-License-Identifier: GPL-2.0-or-later
// Exception entry and return: who runs when, on which frame, for how many cycles.
#include "tests/sim_core/tiny_machine.h"

namespace simprof {
namespace {

using test::TinyMachine;

TEST(MachineExceptions, SvcStacksAndReturns) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    2001      | movs r0, #1
    4684      | mov r12, r0
    2801      | cmp r0, #1
    df07      | svc #7
after:
    6038      | str r0, [r7]
    f3ef 8100 | mrs r1, apsr
    6079      | str r1, [r7, #4]
end:
    e7fe      | b end
SVCall:
    9906      | ldr r1, [sp, #24]
    f04f 5700 | ldr r7, =0x20000000
    60b9      | str r1, [r7, #8]
    9907      | ldr r1, [sp, #28]
    60f9      | str r1, [r7, #12]
    212a      | movs r1, #42
    9100      | str r1, [sp]
    43c9      | mvns r1, r1
    f8c7 e010 | str lr, [r7, #16]
    4770      | bx lr
              | .ltorg
)m4");
    tiny.runTo();
    // r0 as the handler left it in the frame, flags as before (Z and C), stacked pc and xPSR, EXC_RETURN.
    EXPECT_EQ(tiny.results(5), fmt::format("2a 60000000 {:x} 61000000 fffffff9", tiny.at("after")));
    EXPECT_EQ(tiny.trace(), "+SVCall 12 -SVCall 10");
}

TEST(MachineExceptions, AStoreExclusiveBehindAnExceptionFails) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    f107 0640 | add r6, r7, #0x40
    e856 0f00 | ldrex r0, [r6]
    df00      | svc #0
    e846 0100 | strex r1, r0, [r6]
    6039      | str r1, [r7]
    e856 0f00 | ldrex r0, [r6]
    e846 0100 | strex r1, r0, [r6]
    6079      | str r1, [r7, #4]
    df01      | svc #1
    e846 0100 | strex r1, r0, [r6]
    60b9      | str r1, [r7, #8]
    e856 0f00 | ldrex r0, [r6]
    e846 0100 | strex r1, r0, [r6]
    60f9      | str r1, [r7, #12]
end:
    e7fe      | b end
SVCall:
    e856 0f00 | ldrex r0, [r6]
    e846 0200 | strex r2, r0, [r6]
    613a      | str r2, [r7, #16]
    e856 0f00 | ldrex r0, [r6]
    4770      | bx lr
)m4");
    tiny.runTo();
    // Entry clears the monitor of the thread, return that of the handler; pairs without an exception between succeed.
    EXPECT_EQ(tiny.results(5), "1 0 1 0 0");
}

TEST(MachineExceptions, ActiveBitsOfShcsrCanBeWritten) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    df00      | svc #0
end:
    e7fe      | b end
SVCall:
    4805      | ldr r0, =0xE000ED24
    6801      | ldr r1, [r0]
    6039      | str r1, [r7]
    f021 0180 | bic r1, #0x80
    6001      | str r1, [r0]
    6801      | ldr r1, [r0]
    6079      | str r1, [r7, #4]
    4770      | bx lr
HardFault:
    6841      | ldr r1, [r0, #4]
    60b9      | str r1, [r7, #8]
    e7f2      | b end
    ed24 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(3), "80 0 40000"); // SVCALLACT; the return of what is not active: CFSR.INVPC
}

TEST(MachineExceptions, FlagsSurviveAnInterruptBetweenBlocks) {
    for (const CoreKind* core : {&kCortexM0, &kCortexM4}) {
        TinyMachine tiny(core, R"m0(
Reset:
    4f09      | ldr r7, =0x20000000
    480a      | ldr r0, =0xE000E100
    2101      | movs r1, #1
    6001      | str r1, [r0]
    4a09      | ldr r2, =0x40001000
    07cb      | lsls r3, r1, #31
    18db      | adds r3, r3, r3
    6011      | str r1, [r2]
    e7ff      | b next
next:
    d000      | beq taken
    e002      | b end
taken:
    d301      | bcc end
    2005      | movs r0, #5
    6038      | str r0, [r7]
end:
    e7fe      | b end
IRQ0:
    4805      | ldr r0, =0x40001004
    2101      | movs r1, #1
    6001      | str r1, [r0]
    4770      | bx lr
    0000 0000 2000 e100 e000 1000 4000 1004 4000 | .ltorg
)m0");
        tiny.runTo();
        EXPECT_EQ(tiny.results(1), "5");
        EXPECT_EQ(tiny.trace(), core == &kCortexM0 ? "+IRQ0 16 -IRQ0 14" : "+IRQ0 12 -IRQ0 10");
    }
}

constexpr const char* kTwoInterrupts = R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    480a      | ldr r0, =0xE000E400
    2180      | movs r1, #0x80
    7001      | strb r1, [r0]
    2140      | movs r1, #0x40
    7041      | strb r1, [r0, #1]
    4809      | ldr r0, =0xE000E100
    2103      | movs r1, #3
    6001      | str r1, [r0]
    4808      | ldr r0, =0x40001000
    e7ff      | b go
go:
    bf00      | nop
    bf00      | nop
end:
    e7fe      | b end
IRQ0:
    4907      | ldr r1, =0x40001004
    2201      | movs r2, #1
    600a      | str r2, [r1]
    4770      | bx lr
IRQ1:
    4905      | ldr r1, =0x40001004
    2202      | movs r2, #2
    600a      | str r2, [r1]
    4770      | bx lr
    0000 e400 e000 e100 e000 1000 4000 1004 4000 | .ltorg
)m4";

TEST(MachineExceptions, PendingTogetherTheHigherPriorityComesFirstAndTheOtherIsTailChained) {
    TinyMachine tiny(&kCortexM4, kTwoInterrupts);
    tiny.runTo("go");
    tiny.line().write(0, 4, 3);
    tiny.runTo();
    EXPECT_EQ(tiny.trace(), "+IRQ1 12 -IRQ1 ~0 +IRQ0 ~6 -IRQ0 10");
}

TEST(MachineExceptions, LateArrivalTakesOverTheEntry) {
    TinyMachine tiny(&kCortexM4, kTwoInterrupts);
    tiny.runTo("go");
    tiny.line().write(0, 4, 1);
    tiny.line().write(12, 4, 5); // IRQ 1, five cycles into the entry of IRQ 0
    tiny.runTo();
    EXPECT_EQ(tiny.trace(), "+IRQ1 12 -IRQ1 ~0 +IRQ0 ~6 -IRQ0 10");
}

TEST(MachineExceptions, ArrivalDuringThePopGivesItUp) {
    TinyMachine tiny(&kCortexM4, kTwoInterrupts);
    tiny.runTo("go");
    tiny.line().write(0, 4, 1);
    tiny.run("IRQ0");
    tiny.run("none", tiny.machine().now() + 1); // the handler's one block: its end is where IRQ0 returns
    const Cycles returns = tiny.machine().now();
    TinyMachine again(&kCortexM4, kTwoInterrupts);
    again.runTo("go");
    again.line().write(0, 4, 1);
    again.line().write(12, 4, static_cast<std::uint32_t>(returns + 4 - again.machine().now()));
    again.runTo();
    EXPECT_EQ(again.trace(), "+IRQ0 12 -IRQ0 ~4 +IRQ1 ~6 -IRQ1 10");
}

TEST(MachineExceptions, HigherPriorityPreemptsAndLowerWaits) {
    TinyMachine tiny(&kCortexM4, kTwoInterrupts);
    tiny.runTo("go");
    tiny.line().write(0, 4, 1);
    tiny.line().write(12, 4, 13); // after the entry of IRQ 0
    tiny.runTo();
    EXPECT_EQ(tiny.trace(), "+IRQ0 12 -IRQ0 ~0 +IRQ1 ~6 -IRQ1 10")
        << "the handler is one block: its end is the first chance";
}

/// Pends PendSV, SysTick and IRQ 0 under a mask, then tells which of them ran: bits 0, 1, 2 in the word.
std::string maskedBy(const std::string& mask) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4812      | ldr r0, =0xE000E400
    2120      | movs r1, #0x20
    7001      | strb r1, [r0]
    4812      | ldr r0, =0xE000ED20
    4912      | ldr r1, =0x40C00000
    6001      | str r1, [r0]
    4812      | ldr r0, =0xE000E100
    2101      | movs r1, #1
    6001      | str r1, [r0]
    e7ff      | b mask
mask:
    bf00      | nop
    e7ff      | b pend
pend:
    4810      | ldr r0, =0xE000ED04
    f04f 51a0 | ldr r1, =0x14000000
    6001      | str r1, [r0]
    480f      | ldr r0, =0x40001000
    2101      | movs r1, #1
    6001      | str r1, [r0]
    f3bf 8f4f | dsb
    f3bf 8f6f | isb
    e7ff      | b end
end:
    e7fe      | b end
PendSV:
    2001      | movs r0, #1
    e005      | b note
SysTick:
    2002      | movs r0, #2
    e003      | b note
IRQ0:
    490a      | ldr r1, =0x40001004
    2001      | movs r0, #1
    6008      | str r0, [r1]
    2004      | movs r0, #4
note:
    6839      | ldr r1, [r7]
    4301      | orrs r1, r0
    6039      | str r1, [r7]
    4770      | bx lr
    0000 e400 e000 ed20 e000 0000 40c0 e100 e000 ed04 e000 1000 4000 1004 4000 | .ltorg
)m4");
    tiny.runTo("mask");
    Cpu& cpu = tiny.machine().cpu();
    const std::size_t space = mask.find(' ');
    const std::uint32_t value =
        space == std::string::npos ? 1 : static_cast<std::uint32_t>(std::stoul(mask.substr(space), nullptr, 16));
    cpu.write(mask.starts_with("primask")   ? Reg::PRIMASK
              : mask.starts_with("basepri") ? Reg::BASEPRI
                                            : Reg::FAULTMASK,
              value);
    tiny.runTo();
    return tiny.results(1);
}

TEST(MachineExceptions, Masks) {
    // Priorities: IRQ0 0x20, SysTick 0x40, PendSV 0xC0.
    EXPECT_EQ(maskedBy("basepri 0"), "7");
    EXPECT_EQ(maskedBy("basepri F0"), "7");
    EXPECT_EQ(maskedBy("basepri C0"), "6");
    EXPECT_EQ(maskedBy("basepri 40"), "4");
    EXPECT_EQ(maskedBy("basepri 20"), "0");
    EXPECT_EQ(maskedBy("primask"), "0");
    EXPECT_EQ(maskedBy("faultmask"), "0");
}

TEST(MachineExceptions, BasepriKeepsOnlyTheImplementedBits) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    205f      | movs r0, #0x5F
    f380 8811 | msr basepri, r0
    f3ef 8111 | mrs r1, basepri
    6039      | str r1, [r7]
end:
    e7fe      | b end
              | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(1), "50");
}

TEST(MachineExceptions, ItStateIsStackedByAFaultAndComesBack) {
    // The load faults in the middle of an IT block; the handler skips it by moving the stacked pc, so the third goes
    // on.
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    f04f 5540 | ldr r5, =0x30000000
    2000      | movs r0, #0
    2100      | movs r1, #0
    2200      | movs r2, #0
    2800      | cmp r0, #0
    bf0a      | itet eq
    2101      | moveq r1, #1
    2209      | movne r2, #9
there:
    682b      | ldreq r3, [r5]
    6039      | str r1, [r7]
    607a      | str r2, [r7, #4]
end:
    e7fe      | b end
HardFault:
    9807      | ldr r0, [sp, #28]
    60b8      | str r0, [r7, #8]
    9806      | ldr r0, [sp, #24]
    60f8      | str r0, [r7, #12]
    3002      | adds r0, #2
    9006      | str r0, [sp, #24]
    4770      | bx lr
              | .ltorg
)m4");
    tiny.runTo();
    // ITSTATE before the last of three: cond 0000, mask 1000 -> bits 15:10 = 000010, 26:25 = 00.
    EXPECT_EQ(tiny.results(4), fmt::format("1 0 61000800 {:x}", tiny.at("there")));
}

TEST(MachineExceptions, ReturnIntoAnItBlockGoesOnWithItsConditions) {
    // The handler lets the rest of an IT block run with the condition the stacked flags now give: both skipped.
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    f04f 5540 | ldr r5, =0x30000000
    2107      | movs r1, #7
    2207      | movs r2, #7
    4289      | cmp r1, r1
    bf02      | ittt eq
    682b      | ldreq r3, [r5]
    2101      | moveq r1, #1
    2202      | moveq r2, #2
    6039      | str r1, [r7]
    607a      | str r2, [r7, #4]
end:
    e7fe      | b end
HardFault:
    9807      | ldr r0, [sp, #28]
    f020 4080 | bic r0, r0, #0x40000000
    9007      | str r0, [sp, #28]
    4770      | bx lr
              | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(2), "7 7");
}

TEST(MachineExceptions, VtorInRam) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4804      | ldr r0, =0x20000200
    4905      | ldr r1, =other+1
    62c1      | str r1, [r0, #44]
    4905      | ldr r1, =0xE000ED08
    6008      | str r0, [r1]
    df00      | svc #0
end:
    e7fe      | b end
other:
    2003      | movs r0, #3
    6038      | str r0, [r7]
    4770      | bx lr
    0200 2000 0113 0800 ed08 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(1), "3");
}

} // namespace
} // namespace simprof
