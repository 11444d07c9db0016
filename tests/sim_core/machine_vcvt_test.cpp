// SPDX-License-Identifier: GPL-2.0-or-later
// VCVT from fixed point rounds to nearest, whatever FPSCR says (Armv7-M ARM, A7.7.228).
#include "tests/sim_core/tiny_machine.h"

namespace simprof {
namespace {

using test::TinyMachine, test::kCode, test::kFlash;

TEST(MachineFpu, ConversionFromFixedPointRoundsToNearest) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    490e      | ldr r1, =0x01000003
    ee01 1a10 | vmov s2, r1
    f44f 0240 | mov r2, #0xC00000
    eee1 2a10 | vmsr fpscr, r2
    eeb0 0a41 | vmov.f32 s0, s2
    eeba 0aef | vcvt.f32.s32 s0, s0, #1
    eef0 0a41 | vmov.f32 s1, s2
    eef8 0ac1 | vcvt.f32.s32 s1, s2
    2900      | cmp r1, #0
    bf18      | it ne
    eeba 1aef | vcvtne.f32.s32 s2, s2, #1
    ed87 0a00 | vstr s0, [r7]
    edc7 0a01 | vstr s1, [r7, #4]
    ed87 1a02 | vstr s2, [r7, #8]
    eef1 2a10 | vmrs r2, fpscr
    60fa      | str r2, [r7, #12]
end:
    e7fe      | b end
    0000 0003 0100 | .ltorg
)m4");
    // Halfway between 0x4B000001 and 0x4B000002; the conversion from an integer rounds towards zero, as RMode says.
    tiny.machine().systemControl().write(0xE000ED88, 4, 0x00F00000);
    tiny.runTo();
    EXPECT_EQ(tiny.results(4), "4b000002 4b800001 4b000002 c00010");
}

TEST(MachineFpu, ConversionFromFixedPointInANewContextRoundsToNearest) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4903      | ldr r1, =0x01000001
    ee01 1a10 | vmov s2, r1
    eeba 1aef | vcvt.f32.s32 s2, s2, #1
    ed87 1a00 | vstr s2, [r7]
end:
    e7fe      | b end
    0001 0100 | .ltorg
)m4");
    tiny.machine().systemControl().write(0xE000ED88, 4, 0x00F00000);
    tiny.machine().systemControl().write(0xE000EF3C, 4, 0x00400000); // FPDSCR: towards plus infinity
    tiny.runTo();
    EXPECT_EQ(tiny.results(1), "4b000000");
}

TEST(MachineFpu, ConversionFromFixedPointBehindAChangeInsideAnItBlockRoundsToNearest) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4907      | ldr r1, =0x01000003
    ee01 1a10 | vmov s2, r1
    f44f 0240 | mov r2, #0xC00000
    2900      | cmp r1, #0
    bf1c      | itt ne
    eee1 2a10 | vmsrne fpscr, r2
    2303      | movne r3, #3
    eeba 1aef | vcvt.f32.s32 s2, s2, #1
    ed87 1a00 | vstr s2, [r7]
    607b      | str r3, [r7, #4]
end:
    e7fe      | b end
    0003 0100 | .ltorg
)m4");
    tiny.machine().systemControl().write(0xE000ED88, 4, 0x00F00000);
    tiny.runTo();
    EXPECT_EQ(tiny.results(2), "4b000002 3");
}

TEST(MachineFpu, ConversionFromFixedPointAtTheEndOfAPageOfTheEngine) {
    // Pages of the engine have 1 KiB; a translation ends behind an instruction that lies in two of them. The code
    // behind it, which counts, is translated when it runs first, while FPSCR rounds to nearest.
    std::string code = "Reset:\nf04f 5700\n2300\n2200\n";
    for (Address at = kCode + 8; at < kFlash + 0x3F4; at += 2) {
        code += "bf00\n";
    }
    TinyMachine tiny(&kCortexM4, code + "eee1 2a10\n" // again: vmsr fpscr, r2
                                        "eeb0 0a40\n" // vmov.f32 s0, s0
                                        "bf00\n"
                                        "eeba 0aef\n" // vcvt.f32.s32 s0, s0, #1
                                        "3301\n"      // adds r3, #1
                                        "df00\n"      // svc #0
                                        "f512 0280\n" // adds r2, #0x400000
                                        "f5b2 0f00\n" // cmp r2, #0x800000
                                        "d1f1\n"      // bne again
                                        "603b\n"      // str r3, [r7]
                                        "end:\ne7fe\nSVCall:\n4770\n");
    tiny.machine().systemControl().write(0xE000ED88, 4, 0x00F00000);
    tiny.runTo();
    EXPECT_EQ(tiny.results(1), "2");
}

} // namespace
} // namespace simprof
