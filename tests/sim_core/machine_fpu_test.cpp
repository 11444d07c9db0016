// SPDX-License-Identifier: GPL-2.0-or-later
// Floating-point context: CONTROL.FPCA, lazy stacking, FPDSCR (Armv7-M ARM, B1.5.7).
#include "tests/sim_core/tiny_machine.h"

namespace simprof {
namespace {

using test::TinyMachine;

TEST(MachineFpu, FpcaIsSetByUseAndClearedByMsr) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    480d      | ldr r0, =0xE000ED88
    f44f 0170 | mov r1, #0xF00000
    6001      | str r1, [r0]
    f3ef 8214 | mrs r2, control
    603a      | str r2, [r7]
    e7ff      | b first
first:
    eeb7 0a00 | vmov.f32 s0, #1.0
    f3ef 8214 | mrs r2, control
    607a      | str r2, [r7, #4]
    df00      | svc #0
    2100      | movs r1, #0
    f381 8814 | msr control, r1
    df00      | svc #0
    f3ef 8214 | mrs r2, control
    60ba      | str r2, [r7, #8]
    e7ff      | b second
second:
    ee70 0a00 | vadd.f32 s1, s0, s0
    df00      | svc #0
end:
    e7fe      | b end
SVCall:
    4770      | bx lr
    0000 ed88 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(3), "0 4 0");
    // What was only reserved need not be popped.
    EXPECT_EQ(tiny.trace(), "+SVCall 12 -SVCall 10 +SVCall 12 -SVCall 10 +SVCall 12 -SVCall 10");
}

TEST(MachineFpu, FpcaIsClearAheadOfTheFirstUseInTheSameBlock) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    480d      | ldr r0, =0xE000ED88
    f44f 0170 | mov r1, #0xF00000
    6001      | str r1, [r0]
    e7ff      | b first
first:
    f3ef 8214 | mrs r2, control
    f112 0308 | adds r3, r2, #8
    eeb7 0a00 | vmov.f32 s0, #1.0
    f3ef 8414 | mrs r4, control
    c71c      | stm r7!, {r2, r3, r4}
    2100      | movs r1, #0
    f381 8814 | msr control, r1
    e7ff      | b second
second:
    f3ef 8214 | mrs r2, control
    2a00      | cmp r2, #0
    bf08      | it eq
    eef7 0a00 | vmoveq.f32 s1, #1.0
    f3ef 8414 | mrs r4, control
    c714      | stm r7!, {r2, r4}
end:
    e7fe      | b end
              | .balign 4
    ed88 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(5), "0 8 4 0 4");
}

TEST(MachineFpu, LazyStackingSavesAtTheHandlersFirstUseAndLoadsFpdscr) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    481b      | ldr r0, =0xE000ED88
    f44f 0170 | mov r1, #0xF00000
    6001      | str r1, [r0]
    481a      | ldr r0, =0xE000EF3C
    f04f 71a0 | mov r1, #0x01400000
    6001      | str r1, [r0]
    eeb7 0a00 | vmov.f32 s0, #1.0
    eef1 2a10 | vmrs r2, fpscr
    603a      | str r2, [r7]
    f44f 0140 | mov r1, #0x00C00000
    f041 0101 | orr r1, r1, #1
    eee1 1a10 | vmsr fpscr, r1
    46e8      | mov r8, sp
    df00      | svc #0
    eef1 2a10 | vmrs r2, fpscr
    607a      | str r2, [r7, #4]
    ee10 2a10 | vmov r2, s0
    60ba      | str r2, [r7, #8]
end:
    e7fe      | b end
SVCall:
    480f      | ldr r0, =0xE000EF34
    6802      | ldr r2, [r0]
    60fa      | str r2, [r7, #12]
    6842      | ldr r2, [r0, #4]
    ab08      | add r3, sp, #32
    1ad2      | subs r2, r2, r3
    613a      | str r2, [r7, #16]
    f3ef 8214 | mrs r2, control
    617a      | str r2, [r7, #20]
    e7ff      | b use
use:
    eeb0 0a00 | vmov.f32 s0, #2.0
    eef1 2a10 | vmrs r2, fpscr
    61ba      | str r2, [r7, #24]
    f3ef 8214 | mrs r2, control
    61fa      | str r2, [r7, #28]
    6802      | ldr r2, [r0]
    623a      | str r2, [r7, #32]
    9a08      | ldr r2, [sp, #32]
    627a      | str r2, [r7, #36]
    9a18      | ldr r2, [sp, #96]
    62ba      | str r2, [r7, #40]
    f8c7 e02c | str lr, [r7, #44]
    4770      | bx lr
    ed88 e000 ef3c e000 ef34 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(12),
              "1400000 c00001 3f800000 " // first use takes FPDSCR; thread values are back after the handler
              "c0000019 0 0 "            // FPCCR: ASPEN LSPEN HFRDY THREAD LSPACT; FPCAR in the frame; FPCA clear
              "1400001 4 c0000018 3f800000 c00001 ffffffe9") // FPDSCR's bits, FPCA, LSPACT gone, saved S0 and FPSCR
        << "FPSCR keeps the bits that FPDSCR does not hold";
    EXPECT_EQ(tiny.trace(), "+SVCall 12 stall 17 -SVCall 27");
}

TEST(MachineFpu, ADifferentModeAndEnabledFaultsShowInFpccr) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4809      | ldr r0, =0xE000ED88
    f44f 0170 | mov r1, #0xF00000
    6001      | str r1, [r0]
    4808      | ldr r0, =0xE000ED24
    f44f 3140 | mov r1, #0x30000
    6001      | str r1, [r0]
    eeb7 0a00 | vmov.f32 s0, #1.0
    2105      | movs r1, #5
    f381 8814 | msr control, r1
    df00      | svc #0
end:
    e7fe      | b end
SVCall:
    4804      | ldr r0, =0xE000EF34
    6802      | ldr r2, [r0]
    603a      | str r2, [r7]
    4770      | bx lr
    0000 ed88 e000 ed24 e000 ef34 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(1), "c000007b"); // LSPACT USER THREAD HFRDY MMRDY BFRDY
}

TEST(MachineFpu, NestedHandlersKeepTheirRegistersApart) {
    // Thread s0 = 1, SVC handler s0 = 2, PendSV above it s0 = 3: each finds its own again.
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4811      | ldr r0, =0xE000ED88
    f44f 0170 | mov r1, #0xF00000
    6001      | str r1, [r0]
    4810      | ldr r0, =0xE000ED1C
    f04f 4100 | ldr r1, =0x80000000
    6001      | str r1, [r0]
    eeb7 0a00 | vmov.f32 s0, #1.0
    df00      | svc #0
    ee10 2a10 | vmov r2, s0
    603a      | str r2, [r7]
end:
    e7fe      | b end
SVCall:
    eeb0 0a00 | vmov.f32 s0, #2.0
    480b      | ldr r0, =0xE000ED04
    f04f 5180 | mov r1, #0x10000000
    6001      | str r1, [r0]
    e7ff      | b next
next:
    ee10 2a10 | vmov r2, s0
    607a      | str r2, [r7, #4]
    f3ef 8214 | mrs r2, control
    60fa      | str r2, [r7, #12]
    4770      | bx lr
PendSV:
    eeb0 0a08 | vmov.f32 s0, #3.0
    ee10 2a10 | vmov r2, s0
    60ba      | str r2, [r7, #8]
    4770      | bx lr
    0000 ed88 e000 ed1c e000 ed04 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(4), "3f800000 40000000 40400000 4");
    EXPECT_EQ(tiny.trace(), "+SVCall 12 stall 17 +PendSV 12 stall 17 -PendSV 27 -SVCall 27");
}

TEST(MachineFpu, WithoutAspenNothingIsStackedAndFpscrStays) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    480a      | ldr r0, =0xE000ED88
    f44f 0170 | mov r1, #0xF00000
    6001      | str r1, [r0]
    4809      | ldr r0, =0xE000EF34
    2100      | movs r1, #0
    6001      | str r1, [r0]
    f44f 0140 | mov r1, #0x00C00000
    eee1 1a10 | vmsr fpscr, r1
    df00      | svc #0
    eef1 2a10 | vmrs r2, fpscr
    603a      | str r2, [r7]
end:
    e7fe      | b end
SVCall:
    eef0 1a08 | vmov.f32 s3, #3.0
    f8c7 e004 | str lr, [r7, #4]
    4770      | bx lr
    0000 ed88 e000 ef34 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(2), "c00000 fffffff9");
}

TEST(MachineFpu, LazySaveToNowhereIsABusFault) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    4807      | ldr r0, =0xE000ED88
    f44f 0170 | mov r1, #0xF00000
    6001      | str r1, [r0]
    eeb7 0a00 | vmov.f32 s0, #1.0
    df00      | svc #0
    bf00      | nop
SVCall:
    4804      | ldr r0, =0xE000EF38
    f04f 5140 | ldr r1, =0x30000000
    6001      | str r1, [r0]
    e7ff      | b there
there:
    eeb0 0a00 | vmov.f32 s0, #2.0
    4770      | bx lr
    ed88 e000 ef38 e000 | .ltorg
)m4");
    const HaltReason halt = tiny.run();
    ASSERT_TRUE(halt.fault);
    EXPECT_EQ(halt.fault->pc, tiny.at("there"));
    EXPECT_EQ(halt.fault->status, (std::vector<std::string>{"CFSR.LSPERR", "HFSR.FORCED"}));
}

TEST(MachineFpu, FpccrKeepsAllItsBits) {
    TinyMachine tiny(&kCortexM4, "Reset:\n");
    SystemControl& scs = tiny.machine().systemControl();
    scs.write(0xE000EF34, 4, 0xFFFFFFFF);
    EXPECT_EQ(scs.fpccr(), 0xC000017BU);
}

/// The handler notes EXC_RETURN and CONTROL: the FP instruction behind the load has not been reached.
TEST(MachineFpu, AFaultAheadOfTheFirstFpInstructionFindsNoContext) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    480a      | ldr r0, =0xE000ED88
    f44f 0170 | mov r1, #0xF00000
    6001      | str r1, [r0]
    4809      | ldr r0, =0xE000ED24
    f44f 3100 | mov r1, #0x20000
    6001      | str r1, [r0]
    f04f 5540 | ldr r5, =0x30000000
    e7ff      | b body
body:
    682e      | ldr r6, [r5]
    eeb7 0a00 | vmov.f32 s0, #1.0
    e005      | b end
BusFault:
    f8c7 e000 | str lr, [r7]
    f3ef 8014 | mrs r0, control
    6078      | str r0, [r7, #4]
    e7ff      | b end
end:
    e7fe      | b end
    ed88 e000 ed24 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(2), "fffffff9 0");
}

TEST(MachineFpu, ASkippedFpInstructionStartsNoContext) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4809      | ldr r0, =0xE000ED88
    f44f 0170 | mov r1, #0xF00000
    6001      | str r1, [r0]
    e7ff      | b body
body:
    4280      | cmp r0, r0
    bf18      | it ne
    eeb7 0a00 | vmovne.f32 s0, #1.0
    f3ef 8014 | mrs r0, control
    6038      | str r0, [r7]
    bf08      | it eq
    eeb7 0a00 | vmoveq.f32 s0, #1.0
    f3ef 8014 | mrs r0, control
    6078      | str r0, [r7, #4]
    e7ff      | b end
end:
    e7fe      | b end
    ed88 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(2), "0 4");
}

TEST(MachineFpu, UnprivilegedCodeStartsAContextToo) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    480d      | ldr r0, =0xE000ED88
    f44f 0170 | mov r1, #0xF00000
    6001      | str r1, [r0]
    480c      | ldr r0, =0xE000EF3C
    f44f 0180 | mov r1, #0x400000
    6001      | str r1, [r0]
    2001      | movs r0, #1
    f380 8814 | msr control, r0
    f3bf 8f6f | isb
    e7ff      | b body
body:
    eeb7 0a00 | vmov.f32 s0, #1.0
    f3ef 8014 | mrs r0, control
    6038      | str r0, [r7]
    eef1 0a10 | vmrs r0, fpscr
    6078      | str r0, [r7, #4]
    df00      | svc #0
    e002      | b end
SVCall:
    f8c7 e008 | str lr, [r7, #8]
    4770      | bx lr
end:
    e7fe      | b end
    ed88 e000 ef3c e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(3), "5 400000 ffffffe9");
}

TEST(MachineFpu, BlocksThatBeginInsideAnItBlockAreCheckedToo) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    f04f 5540 | ldr r5, =0x30000000
    4289      | cmp r1, r1
    bf04      | itt eq
    682b      | ldreq r3, [r5]
    eeb7 0a00 | vmoveq.f32 s0, #1.0
end:
    e7fe      | b end
HardFault:
    4804      | ldr r0, =0xE000ED28
    6801      | ldr r1, [r0]
    6039      | str r1, [r7]
    6001      | str r1, [r0]
    3704      | adds r7, #4
    9806      | ldr r0, [sp, #24]
    3002      | adds r0, #2
    9006      | str r0, [sp, #24]
    4770      | bx lr
    0000 ed28 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(2), "8200 80000"); // BusFault, then NOCP where the handler returned to
}

} // namespace
} // namespace simprof
