// SPDX-License-Identifier: GPL-2.0-or-later
// Faults: exact places, nothing of what follows has happened, derived faults and lock-up.
#include "tests/sim_core/tiny_machine.h"

namespace simprof {
namespace {

using test::TinyMachine;

std::string statusOf(const HaltReason& halt) {
    std::string text = halt.fault ? halt.fault->exception : "no fault";
    for (std::size_t i = 0; halt.fault && i < halt.fault->status.size(); ++i) {
        text += " " + halt.fault->status[i].substr(5);
    }
    return text;
}

TEST(MachineFaults, WhatFollowsInTheBlockHasNotHappened) {
    // Behind the faulting load the same block changes registers, memory, a device, an FP register and PRIMASK.
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    f04f 5540 | ldr r5, =0x30000000
    4e0e      | ldr r6, =0x40001000
    480f      | ldr r0, =0xE000ED88
    f44f 0170 | mov r1, #0xF00000
    6001      | str r1, [r0]
    2101      | movs r1, #1
    eeb7 0a00 | vmov.f32 s0, #1.0
    e7ff      | b body
body:
    6039      | str r1, [r7]
there:
    6868      | ldr r0, [r5, #4]
    2102      | movs r1, #2
    6079      | str r1, [r7, #4]
    6431      | str r1, [r6, #64]
    eeb0 0a00 | vmov.f32 s0, #2.0
    b672      | cpsid i
    e009      | b end
HardFault:
    9801      | ldr r0, [sp, #4]
    60b8      | str r0, [r7, #8]
    9806      | ldr r0, [sp, #24]
    60f8      | str r0, [r7, #12]
    f3ef 8010 | mrs r0, primask
    6138      | str r0, [r7, #16]
    ee10 0a10 | vmov r0, s0
    6178      | str r0, [r7, #20]
end:
    e7fe      | b end
    0000 1000 4000 ed88 e000 | .ltorg
)m4");
    const HaltReason halt = tiny.run();
    EXPECT_EQ(tiny.results(6), fmt::format("1 0 1 {:x} 0 3f800000", tiny.at("there")));
    EXPECT_EQ(tiny.line().accesses, "");
    EXPECT_EQ(statusOf(halt), "HardFault PRECISERR BFARVALID FORCED");
    EXPECT_EQ(halt.fault->address, 0x30000004U);
    EXPECT_EQ(halt.fault->registers[1], 1U);
    EXPECT_EQ(halt.fault->pc, tiny.at("there"));
}

TEST(MachineFaults, OnlyTheHeadOfTheBlockIsCounted) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5540 | ldr r5, =0x30000000
    bf00      | nop
    6828      | ldr r0, [r5]
    bf00      | nop
    bf00      | nop
HardFault:
    e7ff      | b end
end:
    e7fe      | b end
              | .ltorg
)m4");
    tiny.run();
    EXPECT_EQ(tiny.machine().instructions(), 3U); // ldr, nop; then b
}

TEST(MachineFaults, AnImpreciseFaultComesBehindTheStoreWhichWritesItsBaseBack) {
    // Each store goes to nowhere; the handler notes where execution would go on, and how often it came.
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4810      | ldr r0, =0xE000ED88
    f44f 0170 | mov r1, #0xF00000
    6001      | str r1, [r0]
    4e0f      | ldr r6, =0x30000100
    4635      | mov r5, r6
    4634      | mov r4, r6
    2200      | movs r2, #0
    e7ff      | b body
body:
    3201      | adds r2, #1
    e926 0003 | stmdb r6!, {r0, r1}
    3201      | adds r2, #1
    c507      | stm r5!, {r0, r1, r2}
    3201      | adds r2, #1
    f844 1d04 | str r1, [r4, #-4]!
    f844 1b0c | str r1, [r4], #12
    e964 010a | strd r0, r1, [r4, #-40]!
    eca4 0a03 | vstmia r4!, {s0, s1, s2}
after:
    603a      | str r2, [r7]
    607e      | str r6, [r7, #4]
    60bd      | str r5, [r7, #8]
    60fc      | str r4, [r7, #12]
end:
    e7fe      | b end
HardFault:
    6938      | ldr r0, [r7, #16]
    3001      | adds r0, #1
    6138      | str r0, [r7, #16]
    9806      | ldr r0, [sp, #24]
    6178      | str r0, [r7, #20]
    4770      | bx lr
    ed88 e000 0100 3000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(6),
              fmt::format("3 300000f8 3000010c {:x} 6 {:x}", 0x30000100 - 4 + 12 - 40 + 12, tiny.at("after")));
    EXPECT_NE(tiny.machine().systemControl().cfsr() & fault_status::kImpreciserr, 0U);
}

TEST(MachineFaults, LoadAcrossTheEndOfMemory) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    4803      | ldr r0, =0x20003FF0
    6841      | ldr r1, [r0, #4]
there:
    f8d0 100e | ldr r1, [r0, #14]
    bf00      | nop
    e7ff      | b end
end:
    e7fe      | b end
    0000 3ff0 2000 | .ltorg
)m4");
    const HaltReason halt = tiny.run();
    EXPECT_EQ(statusOf(halt), "HardFault PRECISERR BFARVALID FORCED");
    EXPECT_EQ(halt.fault->pc, tiny.at("there"));
    EXPECT_EQ(halt.fault->address, 0x20004000U);
}

/// FPU off, division traps on: instructions that are predicated and skipped do not fault.
TEST(MachineFaults, SkippedInstructionsDoNotFault) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4809      | ldr r0, =0xE000ED14
    2110      | movs r1, #0x10
    6001      | str r1, [r0]
    2001      | movs r0, #1
    2100      | movs r1, #0
    2209      | movs r2, #9
    2305      | movs r3, #5
    e7ff      | b body
body:
    2800      | cmp r0, #0
    bf0b      | itete eq
    eeb7 0a00 | vmoveq.f32 s0, #1.0
    2201      | movne r2, #1
    fbb0 f3f1 | udiveq r3, r0, r1
    3201      | addne r2, #1
    603a      | str r2, [r7]
    607b      | str r3, [r7, #4]
end:
    e7fe      | b end
    0000 ed14 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(2), "2 5");
}

TEST(MachineFaults, ExecutedInstructionsOfAnItBlockDo) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    4805      | ldr r0, =0xE000ED14
    2110      | movs r1, #0x10
    6001      | str r1, [r0]
    2100      | movs r1, #0
    2209      | movs r2, #9
    e7ff      | b body
body:
    2900      | cmp r1, #0
    bf04      | itt eq
    2201      | moveq r2, #1
there:
    fbb2 f3f1 | udiveq r3, r2, r1
end:
    e7fe      | b end
    ed14 e000 | .ltorg
)m4");
    const HaltReason halt = tiny.run();
    EXPECT_EQ(statusOf(halt), "HardFault DIVBYZERO FORCED");
    EXPECT_EQ(halt.fault->pc, tiny.at("there"));
    EXPECT_EQ(halt.fault->registers[2], 1U);
}

TEST(MachineFaults, ADivisionWithADivisorGoesOn) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4806      | ldr r0, =0xE000ED14
    2110      | movs r1, #0x10
    6001      | str r1, [r0]
    e7ff      | b body
body:
    202a      | movs r0, #42
    2106      | movs r1, #6
    fbb0 f2f1 | udiv r2, r0, r1
    fb92 f3f1 | sdiv r3, r2, r1
    603a      | str r2, [r7]
    607b      | str r3, [r7, #4]
end:
    e7fe      | b end
    0000 ed14 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(2), "7 1");
}

TEST(MachineFaults, NullFunctionPointer) {
    for (const CoreKind* core : {&kCortexM0Plus, &kCortexM4}) {
        TinyMachine tiny(core, R"m0(
Reset:
    2300      | movs r3, #0
there:
    4798      | blx r3
    46c0      | nop
)m0");
        const HaltReason halt = tiny.run();
        EXPECT_EQ(statusOf(halt), core == &kCortexM4 ? "HardFault INVSTATE FORCED" : "HardFault");
        EXPECT_EQ(halt.fault->pc, 0U);
        EXPECT_EQ(halt.what, fmt::format("jump to 0x00000000 by the instruction at 0x{:08x}, without the Thumb bit set",
                                         tiny.at("there")));
    }
}

TEST(MachineFaults, AVectorWithoutThumbBitFaultsInItsHandler) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    4804      | ldr r0, =0x20000200
    4905      | ldr r1, =handler+1
    60c1      | str r1, [r0, #12]
    4905      | ldr r1, =handler
    62c1      | str r1, [r0, #44]
    4905      | ldr r1, =0xE000ED08
    6008      | str r0, [r1]
    df00      | svc #0
handler:
    e7ff      | b end
end:
    e7fe      | b end
    0200 2000 0111 0800 0110 0800 ed08 e000 | .ltorg
)m4");
    const HaltReason halt = tiny.run();
    EXPECT_EQ(statusOf(halt), "HardFault INVSTATE FORCED");
    EXPECT_EQ(halt.fault->pc, tiny.at("handler"));
    EXPECT_EQ(tiny.trace(), "+SVCall 12 +HardFault 12");
}

constexpr const char* kStackToNowhere = R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4810      | ldr r0, =0xE000ED24
    f44f 3100 | mov r1, #0x20000
    6001      | str r1, [r0]
    480f      | ldr r0, =0x20004020
    f380 8809 | msr psp, r0
    2002      | movs r0, #2
    f380 8814 | msr control, r0
    e7ff      | b body
body:
    f04f 5040 | ldr r0, =0x30000000
    f380 8809 | msr psp, r0
there:
    df00      | svc #0
    e00f      | b end
SVCall:
    6839      | ldr r1, [r7]
    3101      | adds r1, #1
    6039      | str r1, [r7]
    4770      | bx lr
BusFault:
    4808      | ldr r0, =0x20003000
    f380 8809 | msr psp, r0
    4907      | ldr r1, =end+1
    6181      | str r1, [r0, #24]
    f04f 7180 | mov r1, #0x01000000
    61c1      | str r1, [r0, #28]
    6879      | ldr r1, [r7, #4]
    3101      | adds r1, #1
    6079      | str r1, [r7, #4]
    4770      | bx lr
end:
    e7fe      | b end
    ed24 e000 4020 2000 3000 2000 0147 0800 | .ltorg
)m4";

TEST(MachineFaults, AFrameThatCannotBePushedDerivesAFaultAndTheOriginalComesAfterIt) {
    TinyMachine tiny(&kCortexM4, kStackToNowhere);
    tiny.machine().systemControl().write(0xE000ED1C, 4, 0x80000000); // SVCall 0x80, BusFault 0: the fault first
    tiny.runTo();
    EXPECT_EQ(tiny.results(2), "1 1");
    EXPECT_EQ(tiny.trace(), "+BusFault 12 -BusFault ~0 +SVCall ~6 -SVCall 10");
    EXPECT_EQ(tiny.machine().systemControl().cfsr(), fault_status::kStkerr);
}

TEST(MachineFaults, ADerivedFaultOfLowerPriorityWaits) {
    TinyMachine tiny(&kCortexM4, kStackToNowhere);
    tiny.machine().systemControl().write(0xE000ED18, 4, 0x00008000); // BusFault 0x80, SVCall 0
    tiny.runTo();
    EXPECT_EQ(tiny.results(2), "1 1");
    EXPECT_EQ(tiny.trace(), "+SVCall 12 -SVCall ~0 +BusFault ~6 -BusFault 10");
}

TEST(MachineFaults, NoStackLeftIsALockup) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5040 | ldr r0, =0x30000000
    f380 8808 | msr msp, r0
first:
    de00      | udf #0
              | .ltorg
)m4");
    const HaltReason halt = tiny.run();
    EXPECT_EQ(halt.kind, HaltReason::Kind::Lockup);
    EXPECT_EQ(statusOf(halt), "Lockup STKERR UNDEFINSTR FORCED");
    EXPECT_EQ(halt.pc, tiny.at("first"));
    EXPECT_NE(halt.what.find(fmt::format("undefined instruction at 0x{:08x}", tiny.at("first"))), std::string::npos)
        << halt.what;
}

TEST(MachineFaults, ReturnWithoutThumbBitInTheFrame) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    df00      | svc #0
there:
    bf00      | nop
SVCall:
    2000      | movs r0, #0
    9007      | str r0, [sp, #28]
    4770      | bx lr
)m4");
    const HaltReason halt = tiny.run();
    EXPECT_EQ(statusOf(halt), "HardFault INVSTATE FORCED");
    EXPECT_EQ(halt.fault->pc, tiny.at("there"));
}

TEST(MachineFaults, AHandledFaultIsForgotten) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    de00      | udf #0
    2018      | movs r0, #0x18
    4902      | ldr r1, =0x20026
    beab      | bkpt 0xab
HardFault:
    9806      | ldr r0, [sp, #24]
    3002      | adds r0, #2
    9006      | str r0, [sp, #24]
    4770      | bx lr
    0026 0002 | .ltorg
)m4");
    const HaltReason halt = tiny.run();
    EXPECT_EQ(halt.kind, HaltReason::Kind::Exit);
    EXPECT_FALSE(halt.fault);
}

TEST(MachineFaults, VectorsThatCannotBeRead) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5040 | ldr r0, =0x30000000
    4901      | ldr r1, =0xE000ED08
    6008      | str r0, [r1]
there:
    df00      | svc #0
    0000 ed08 e000 | .ltorg
)m4");
    const HaltReason halt = tiny.run();
    EXPECT_EQ(halt.kind, HaltReason::Kind::Lockup);
    EXPECT_EQ(statusOf(halt), "Lockup VECTTBL");
}

} // namespace
} // namespace simprof
