// SPDX-License-Identifier: GPL-2.0-or-later
// Bits 1:0 of the stack pointers do not exist (Armv7-M ARM, B1.4.1), whatever writes them.
#include "tests/sim_core/tiny_machine.h"

namespace simprof {
namespace {

using test::TinyMachine;

constexpr const char* kStackWrites = R"m0p(
Reset:
    4f0b      | ldr r7, =0x20000000
    480c      | ldr r0, =0x20003ff3
    4685      | mov sp, r0
    4669      | mov r1, sp
    6039      | str r1, [r7]
    b401      | push {r0}
    4669      | mov r1, sp
    6079      | str r1, [r7, #4]
    f380 8808 | msr msp, r0
    4669      | mov r1, sp
    60b9      | str r1, [r7, #8]
    f380 8809 | msr psp, r0
    f3ef 8109 | mrs r1, psp
    60f9      | str r1, [r7, #12]
    2201      | movs r2, #1
    4495      | add sp, r2
    4669      | mov r1, sp
    6139      | str r1, [r7, #16]
    e7ff      | b end
end:
    e7fe      | b end
    0000 0000 2000 3ff3 2000 | .ltorg
)m0p";

constexpr const char* kLoadsStack = R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    f8df d024 | ldr sp, =0x20003ff1
    b403      | push {r0, r1}
    4669      | mov r1, sp
    6039      | str r1, [r7]
    4808      | ldr r0, =0x20003ff2
    6078      | str r0, [r7, #4]
    f8d7 d004 | ldr.w sp, [r7, #4]
    4669      | mov r1, sp
    6079      | str r1, [r7, #4]
    2203      | movs r2, #3
    eb0d 0d02 | add.w sp, sp, r2
    f88d 2000 | strb r2, [sp]
    4669      | mov r1, sp
    60b9      | str r1, [r7, #8]
    e7ff      | b end
end:
    e7fe      | b end
    3ff1 2000 3ff2 2000 | .ltorg
)m4";

TEST(StackPointer, HasNoBitsBelowWords) {
    for (const CoreKind* kind : kCores) {
        TinyMachine machine(kind, kStackWrites);
        machine.runTo();
        EXPECT_EQ(machine.results(5), "20003ff0 20003fec 20003ff0 20003ff0 20003ff0");
    }
}

TEST(StackPointer, HasNoneAfterLoadsAndArithmetic) {
    for (const CoreKind* kind : {&kCortexM4, &kCortexM7}) {
        TinyMachine machine(kind, kLoadsStack);
        machine.runTo();
        EXPECT_EQ(machine.results(3), "20003fe8 20003ff0 20003ff0");
    }
}

} // namespace
} // namespace simprof
