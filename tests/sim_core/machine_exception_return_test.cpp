// SPDX-License-Identifier: GPL-2.0-or-later
// What is no valid return, and which interrupts a change of priorities lets in.
#include "tests/sim_core/tiny_machine.h"

namespace simprof {
namespace {

using test::TinyMachine;

struct ExcReturnRow {
    std::uint32_t value;
    const char* what;
};

TEST(MachineExceptions, InvalidExcReturn) {
    const ExcReturnRow rows[] = {
        {0xFFFFFFF5, "no valid EXC_RETURN"},
        {0xFFFFFFF1, "does not fit the active exceptions"}, // to a handler, from the only one
        {0xFFFFFFFF, "no valid EXC_RETURN"},
    };
    for (const ExcReturnRow& row : rows) {
        TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    df00      | svc #0
after:
    bf00      | nop
SVCall:
    f8d7 e000 | ldr lr, [r7]
there:
    4770      | bx lr
HardFault:
    9806      | ldr r0, [sp, #24]
    6078      | str r0, [r7, #4]
    f8c7 e008 | str lr, [r7, #8]
end:
    e7fe      | b end
              | .ltorg
)m4");
        tiny.machine().poke(test::kSram + 3, 0xFF);
        for (unsigned i = 0; i < 4; ++i) {
            tiny.machine().poke(test::kSram + i, static_cast<std::uint8_t>(row.value >> (8 * i)));
        }
        tiny.runTo();
        EXPECT_EQ(tiny.results(3), fmt::format("{:x} {:x} {:x}", row.value, tiny.at("after"), row.value))
            << "the old frame, no new one";
        EXPECT_EQ(tiny.trace(), "+SVCall 12 -SVCall ~0 +HardFault ~6");
        EXPECT_NE(tiny.machine().systemControl().cfsr() & fault_status::kInvpc, 0U);
    }
}

TEST(MachineExceptions, ExcReturnIsAnAddressInThreadMode) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f06f 0006 | ldr r0, =0xFFFFFFF9
there:
    4700      | bx r0
              | .ltorg
)m4");
    const HaltReason halt = tiny.run();
    EXPECT_EQ(halt.kind, HaltReason::Kind::Fault);
    EXPECT_EQ(halt.fault.value().pc, 0xFFFFFFF8U);
    EXPECT_EQ(halt.fault.value().status, (std::vector<std::string>{"CFSR.IACCVIOL", "HFSR.FORCED"}));
}

/// IRQ0 pends IRQ1, of another priority but the same group; when the grouping changes, IRQ1 preempts at once.
TEST(MachineExceptions, APriorityGroupingOfItsOwnLetsAPendingInterruptIn) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    480e      | ldr r0, =0xE000ED0C
    490f      | ldr r1, =0x05FA0700
    6001      | str r1, [r0]
    4a0f      | ldr r2, =0xE000E400
    f44f 4181 | ldr r1, =0x4080
    6011      | str r1, [r2]
    4b0e      | ldr r3, =0xE000E100
    2103      | movs r1, #3
    6019      | str r1, [r3]
    4c0d      | ldr r4, =0xE000E200
    2101      | movs r1, #1
    6021      | str r1, [r4]
    e7ff      | b next
next:
    e00d      | b end
IRQ0:
    2102      | movs r1, #2
    6021      | str r1, [r4]
    e7ff      | b before
before:
    6839      | ldr r1, [r7]
    6079      | str r1, [r7, #4]
    4909      | ldr r1, =0x05FA0000
    6001      | str r1, [r0]
    e7ff      | b after
after:
    6839      | ldr r1, [r7]
    60b9      | str r1, [r7, #8]
    4770      | bx lr
IRQ1:
    2101      | movs r1, #1
    6039      | str r1, [r7]
    4770      | bx lr
end:
    e7fe      | b end
    ed0c e000 0700 05fa e400 e000 e100 e000 e200 e000 0000 05fa | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(3), "1 0 1");
}

TEST(MachineExceptionReturn, FpRegistersAreNeitherPushedNorPoppedWhileCpacrKeepsTheFpuOff) {
    // The push for SVC faults, so the fault's handler comes first; then the pop behind SVC's handler faults.
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4e17      | ldr r6, =0xE000ED00
    f44f 2080 | mov r0, #0x40000
    6270      | str r0, [r6, #0x24]
    f44f 0570 | mov r5, #0xF00000
    f04f 0400 | mov r4, #0
    f8c6 5088 | str r5, [r6, #0x88]
    4813      | ldr r0, =0xE000EF34
    f04f 4100 | mov r1, #0x80000000
    6001      | str r1, [r0]
    f3bf 8f4f | dsb
    f3bf 8f6f | isb
    eeb7 0a00 | vmov.f32 s0, #1.0
    f8c6 4088 | str r4, [r6, #0x88]
    f3bf 8f4f | dsb
    f3bf 8f6f | isb
    df00      | svc #0
end:
    e7fe      | b end
UsageFault:
    6ab0      | ldr r0, [r6, #0x28]
    62b0      | str r0, [r6, #0x28]
    e8a7 4001 | stm r7!, {r0, lr}
    f8c6 5088 | str r5, [r6, #0x88]
    f3bf 8f4f | dsb
    f3bf 8f6f | isb
    4770      | bx lr
SVCall:
    e8a7 4020 | stm r7!, {r5, lr}
    f8c6 4088 | str r4, [r6, #0x88]
    f3bf 8f4f | dsb
    f3bf 8f6f | isb
    4770      | bx lr
    ed00 e000 ef34 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(6), "80000 ffffffe9 f00000 ffffffe9 80000 ffffffe9");
}

} // namespace
} // namespace simprof
