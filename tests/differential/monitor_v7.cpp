// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/differential/monitor.h"

namespace simprof::differential {

const char* const kMonitorV7 = R"m4(
Prepare:
    4864      | ldr r0, =0xE000ED88
    f44f 0170 | mov r1, #0xF00000
    6001      | str r1, [r0]
    f3bf 8f4f | dsb
    f3bf 8f6f | isb
    f107 0040 | add r0, r7, #64
    ec90 0a20 | vldm r0, {s0-s31}
    f8d7 00c0 | ldr r0, [r7, #192]
    eee1 0a10 | vmsr fpscr, r0
    2000      | movs r0, #0
    f380 8814 | msr control, r0
    4770      | bx lr
Frame:
    f012 0f08 | tst r2, #8
    d00d      | beq BasicFrame
    f103 0840 | add r8, r3, #64
    ec98 0a10 | vldm r8, {s0-s15}
    f1a4 0448 | sub r4, #0x48
    eeb1 0a40 | vneg.f32 s0, s0
    ec84 0a10 | vstm r4, {s0-s15}
    f8d3 90c0 | ldr r9, [r3, #192]
    f8c4 9040 | str r9, [r4, #64]
BasicFrame:
    f002 0801 | and r8, r2, #1
    f388 8814 | msr control, r8
    f3bf 8f2f | clrex
    f8d1 8014 | ldr r8, [r1, #20]
    f3c8 2907 | ubfx r9, r8, #8, #8
    f389 8811 | msr basepri, r9
    f8d3 901c | ldr r9, [r3, #28]
    f389 8400 | msr apsr_g, r9
    4770      | bx lr
Note:
    68ca      | ldr r2, [r1, #12]
    f3ef 8313 | mrs r3, faultmask
    ea42 0243 | orr r2, r2, r3, lsl #1
    f3ef 8311 | mrs r3, basepri
    ea42 2203 | orr r2, r2, r3, lsl #8
    60ca      | str r2, [r1, #12]
    4b45      | ldr r3, =0xE000ED00
    6a9a      | ldr r2, [r3, #0x28]
    610a      | str r2, [r1, #16]
    0652      | lsls r2, r2, #25
    6b5a      | ldr r2, [r3, #0x34]
    bf58      | it pl
    2200      | movpl r2, #0
    618a      | str r2, [r1, #24]
    690a      | ldr r2, [r1, #16]
    0452      | lsls r2, r2, #17
    6b9a      | ldr r2, [r3, #0x38]
    bf58      | it pl
    2200      | movpl r2, #0
    61ca      | str r2, [r1, #28]
    6ada      | ldr r2, [r3, #0x2C]
    614a      | str r2, [r1, #20]
    f8d3 2234 | ldr r2, [r3, #0x234]
    628a      | str r2, [r1, #40]
    f8d3 2238 | ldr r2, [r3, #0x238]
    62ca      | str r2, [r1, #44]
    690a      | ldr r2, [r1, #16]
    f241 0310 | movw r3, #0x1010
    4013      | ands r3, r2
    d10a      | bne NoFrame
    6902      | ldr r2, [r0, #16]
    f012 0f10 | tst r2, #16
    d006      | beq NoFrame
    f101 0280 | add r2, r1, #128
    ec82 0a20 | vstm r2, {s0-s31}
    eef1 2a10 | vmrs r2, fpscr
    63ca      | str r2, [r1, #60]
NoFrame:
    4770      | bx lr
Step:
    4833      | ldr r0, =0xE000ED28
    6803      | ldr r3, [r0]
    6003      | str r3, [r0]
    6841      | ldr r1, [r0, #4]
    6041      | str r1, [r0, #4]
    2b00      | cmp r3, #0
    d028      | beq Hopeless
    4930      | ldr r1, =0x61919
    420b      | tst r3, r1
    d125      | bne Hopeless
    f413 6f80 | tst r3, #0x400
    d120      | bne GoOn
    6990      | ldr r0, [r2, #24]
    8803      | ldrh r3, [r0]
    0adb      | lsrs r3, r3, #11
    2b1d      | cmp r3, #0x1D
    bf2c      | ite hs
    3004      | addhs r0, #4
    3002      | addlo r0, #2
    6190      | str r0, [r2, #24]
    69d0      | ldr r0, [r2, #28]
    f3c0 2385 | ubfx r3, r0, #10, #6
    009b      | lsls r3, r3, #2
    f3c0 6141 | ubfx r1, r0, #25, #2
    430b      | orrs r3, r1
    f003 01e0 | and r1, r3, #0xE0
    f013 0f07 | tst r3, #7
    ea4f 0343 | lsl.w r3, r3, #1
    f003 031f | and r3, r3, #0x1F
    ea43 0301 | orr r3, r3, r1
    bf08      | it eq
    2300      | moveq r3, #0
    f363 605a | bfi r0, r3, #25, #2
    089b      | lsrs r3, r3, #2
    f363 208f | bfi r0, r3, #10, #6
    61d0      | str r0, [r2, #28]
GoOn:
    2300      | movs r3, #0
    4770      | bx lr
Hopeless:
    2301      | movs r3, #1
    4770      | bx lr
Finish:
    481c      | ldr r0, =0xE000ED94
    2100      | movs r1, #0
    6001      | str r1, [r0]
    4818      | ldr r0, =0xE000ED28
    6801      | ldr r1, [r0]
    6001      | str r1, [r0]
    6842      | ldr r2, [r0, #4]
    6042      | str r2, [r0, #4]
    4a19      | ldr r2, =0xE000EF34
    f04f 4340 | mov r3, #0xC0000000
    f241 0010 | movw r0, #0x1010
    4201      | tst r1, r0
    d000      | beq HasFrame
    6013      | str r3, [r2]
HasFrame:
    4810      | ldr r0, =0xE000ED88
    f44f 0170 | mov r1, #0xF00000
    6001      | str r1, [r0]
    f3bf 8f4f | dsb
    f3bf 8f6f | isb
    4912      | ldr r1, =0x200009C0
    6889      | ldr r1, [r1, #8]
    f1a1 0180 | sub r1, #128
    ec81 0a20 | vstm r1, {s0-s31}
    eef1 0a10 | vmrs r0, fpscr
    f841 0c44 | str r0, [r1, #-68]
    6013      | str r3, [r2]
    480d      | ldr r0, =0xE000ED24
    6802      | ldr r2, [r0]
    f422 4270 | bic r2, #0xF000
    6002      | str r2, [r0]
    2000      | movs r0, #0
    f380 8811 | msr basepri, r0
    f380 8813 | msr faultmask, r0
    f380 8814 | msr control, r0
    4770      | bx lr
    0000 ed88 e000 ed00 e000 ed28 e000 1919 0006 ed94 e000 ef34 e000 09c0 2000 ed24 e000 | .ltorg
)m4";

} // namespace simprof::differential
