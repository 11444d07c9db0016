// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/differential/monitor.h"

namespace simprof::differential {

const char* const kMonitorV7 = R"m4(
Reset:
    4c38      | ldr r4, =0x20000900
    a240      | adr r2, console
    61a2      | str r2, [r4, #24]
    2204      | movs r2, #4
    61e2      | str r2, [r4, #28]
    2203      | movs r2, #3
    6222      | str r2, [r4, #32]
    f104 0118 | add r1, r4, #24
    2001      | movs r0, #1
    beab      | bkpt 0xab
    6160      | str r0, [r4, #20]
    251c      | movs r5, #0x1C
    682d      | ldr r5, [r5]
NextCase:
    2d00      | cmp r5, #0
    d05c      | beq Exit
    69ae      | ldr r6, [r5, #24]
    69ef      | ldr r7, [r5, #28]
NextRun:
    4830      | ldr r0, =0x200009C0
    6869      | ldr r1, [r5, #4]
    6001      | str r1, [r0]
    6046      | str r6, [r0, #4]
    492f      | ldr r1, =0x20000E00
    6081      | str r1, [r0, #8]
    2100      | movs r1, #0
    60c1      | str r1, [r0, #12]
    68a9      | ldr r1, [r5, #8]
    6101      | str r1, [r0, #16]
    6a28      | ldr r0, [r5, #32]
    492d      | ldr r1, =0x20000A00
    4a2b      | ldr r2, =0x20000E00
Copy:
    e8b0 5f18 | ldm r0!, {r3, r4, r8-r12, lr}
    e8a1 5f18 | stm r1!, {r3, r4, r8-r12, lr}
    4291      | cmp r1, r2
    d1f9      | bne Copy
    482a      | ldr r0, =0xE000ED88
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
    4821      | ldr r0, =0x20000CC0
    f380 8809 | msr psp, r0
    f105 0024 | add r0, r5, #36
Write:
    f850 1b04 | ldr r1, [r0], #4
    b119      | cbz r1, Written
    f850 2b04 | ldr r2, [r0], #4
    600a      | str r2, [r1]
    e7f8      | b Write
Written:
    f3bf 8f4f | dsb
    f3bf 8f6f | isb
    4c14      | ldr r4, =0x20000900
    6025      | str r5, [r4]
    6066      | str r6, [r4, #4]
    60a7      | str r7, [r4, #8]
    df00      | svc #0
Continue:
    2000      | movs r0, #0
    f380 8814 | msr control, r0
    f3bf 8f6f | isb
    4915      | ldr r1, =0xE000ED94
    6008      | str r0, [r1]
    f3bf 8f4f | dsb
    f3bf 8f6f | isb
    4c0c      | ldr r4, =0x20000900
    6825      | ldr r5, [r4]
    6866      | ldr r6, [r4, #4]
    68a7      | ldr r7, [r4, #8]
    480b      | ldr r0, =0x200009C0
    6881      | ldr r1, [r0, #8]
    1a09      | subs r1, r1, r0
    6962      | ldr r2, [r4, #20]
    61a2      | str r2, [r4, #24]
    61e0      | str r0, [r4, #28]
    6221      | str r1, [r4, #32]
    f104 0118 | add r1, r4, #24
    2005      | movs r0, #5
    beab      | bkpt 0xab
    f107 07c4 | add r7, #196
    3e01      | subs r6, #1
    d1a6      | bne NextRun
    682d      | ldr r5, [r5]
    e7a0      | b NextCase
Exit:
    2018      | movs r0, #0x18
    4908      | ldr r1, =0x20026
    beab      | bkpt 0xab
Forever:
    e7fe      | b Forever
    0000 0900 2000 09c0 2000 0e00 2000 0a00 2000 ed88 e000 0cc0 2000 ed94 e000 0026 0002 | .ltorg
console:
    743a 0074 | .ascii ":tt\0"
SVCall:
    f01e 0f04 | tst lr, #4
    bf0c      | ite eq
    f3ef 8008 | mrseq r0, msp
    f3ef 8009 | mrsne r0, psp
    6981      | ldr r1, [r0, #24]
    f811 1c02 | ldrb r1, [r1, #-2]
    2900      | cmp r1, #0
    f040 808f | bne Common
Enter:
    4845      | ldr r0, =0x20000900
    6801      | ldr r1, [r0]
    688a      | ldr r2, [r1, #8]
    6883      | ldr r3, [r0, #8]
    f012 0f04 | tst r2, #4
    d145      | bne EnterHandler
    f8d1 c010 | ldr r12, [r1, #16]
    f012 0f08 | tst r2, #8
    bf0c      | ite eq
    f1ac 0c20 | subeq r12, #0x20
    f1ac 0c68 | subne r12, #0x68
    e893 0ff0 | ldm r3, {r4-r11}
    f8d1 a00c | ldr r10, [r1, #12]
    f02a 0a01 | bic r10, #1
    e88c 0ff0 | stm r12, {r4-r11}
    d00d      | beq BasicFrame
    f103 0840 | add r8, r3, #64
    ec98 0a10 | vldm r8, {s0-s15}
    f10c 0820 | add r8, r12, #32
    eeb1 0a40 | vneg.f32 s0, s0
    ec88 0a10 | vstm r8, {s0-s15}
    f8d3 90c0 | ldr r9, [r3, #192]
    f8c8 9040 | str r9, [r8, #64]
BasicFrame:
    f012 0f02 | tst r2, #2
    bf14      | ite ne
    f38c 8809 | msrne psp, r12
    f38c 8808 | msreq msp, r12
    bf14      | ite ne
    f06f 0e12 | mvnne lr, #0x12
    f06f 0e16 | mvneq lr, #0x16
    f012 0f08 | tst r2, #8
    bf08      | it eq
    f04e 0e10 | orreq lr, #0x10
    f002 0801 | and r8, r2, #1
    f388 8814 | msr control, r8
    f3bf 8f2f | clrex
    f8d1 8014 | ldr r8, [r1, #20]
    f008 0901 | and r9, r8, #1
    f389 8810 | msr primask, r9
    f3c8 2907 | ubfx r9, r8, #8, #8
    f389 8811 | msr basepri, r9
    f103 0020 | add r0, r3, #32
    e890 0ff0 | ldm r0, {r4-r11}
    4770      | bx lr
EnterHandler:
    2101      | movs r1, #1
    60c1      | str r1, [r0, #12]
    491e      | ldr r1, =0xE000ED04
    f04f 5280 | mov r2, #0x10000000
    600a      | str r2, [r1]
    4770      | bx lr
PendSV:
    481b      | ldr r0, =0x20000900
    68c1      | ldr r1, [r0, #12]
    2900      | cmp r1, #0
    d036      | beq Common
    2100      | movs r1, #0
    60c1      | str r1, [r0, #12]
    6801      | ldr r1, [r0]
    6883      | ldr r3, [r0, #8]
    f8d1 c010 | ldr r12, [r1, #16]
    f1ac 0c38 | sub r12, #56
    e893 00f0 | ldm r3, {r4-r7}
    e88c 00f0 | stm r12, {r4-r7}
    f103 0220 | add r2, r3, #32
    e892 0ff0 | ldm r2, {r4-r11}
    f10c 0210 | add r2, r12, #16
    e882 0ff0 | stm r2, {r4-r11}
    691c      | ldr r4, [r3, #16]
    f8cc 4030 | str r4, [r12, #48]
    68cc      | ldr r4, [r1, #12]
    f8cc 4034 | str r4, [r12, #52]
    f38c 8808 | msr msp, r12
    688a      | ldr r2, [r1, #8]
    f002 0201 | and r2, #1
    f382 8814 | msr control, r2
    694a      | ldr r2, [r1, #20]
    f002 0401 | and r4, r2, #1
    f384 8810 | msr primask, r4
    f3c2 2407 | ubfx r4, r2, #8, #8
    f384 8811 | msr basepri, r4
    f8d3 e014 | ldr lr, [r3, #20]
    69dc      | ldr r4, [r3, #28]
    f384 8c00 | msr apsr_nzcvqg, r4
    f3bf 8f2f | clrex
    e8bd 9fff | pop {r0-r12, pc}
    0900 2000 ed04 e000 | .ltorg
Common:
    487d      | ldr r0, =0x200009C0
    6881      | ldr r1, [r0, #8]
    f3ef 8205 | mrs r2, ipsr
    600a      | str r2, [r1]
    f8c1 e004 | str lr, [r1, #4]
    f3ef 8214 | mrs r2, control
    608a      | str r2, [r1, #8]
    f3ef 8210 | mrs r2, primask
    f3ef 8313 | mrs r3, faultmask
    ea42 0243 | orr r2, r2, r3, lsl #1
    f3ef 8311 | mrs r3, basepri
    ea42 2203 | orr r2, r2, r3, lsl #8
    60ca      | str r2, [r1, #12]
    4b74      | ldr r3, =0xE000ED00
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
    685a      | ldr r2, [r3, #0x04]
    620a      | str r2, [r1, #32]
    6a5a      | ldr r2, [r3, #0x24]
    624a      | str r2, [r1, #36]
    f8d3 2234 | ldr r2, [r3, #0x234]
    628a      | str r2, [r1, #40]
    f8d3 2238 | ldr r2, [r3, #0x238]
    62ca      | str r2, [r1, #44]
    f3ef 8208 | mrs r2, msp
    630a      | str r2, [r1, #48]
    f3ef 8309 | mrs r3, psp
    634b      | str r3, [r1, #52]
    f01e 0f04 | tst lr, #4
    bf0c      | ite eq
    4694      | moveq r12, r2
    469c      | movne r12, r3
    2200      | movs r2, #0
    638a      | str r2, [r1, #56]
    63ca      | str r2, [r1, #60]
    f101 0260 | add r2, r1, #96
    e882 0ff0 | stm r2, {r4-r11}
    690a      | ldr r2, [r1, #16]
    f241 0310 | movw r3, #0x1010
    421a      | tst r2, r3
    d162      | bne NoFrame
    e9dc 2300 | ldrd r2, r3, [r12]
    e9c1 2310 | strd r2, r3, [r1, #64]
    e9dc 2302 | ldrd r2, r3, [r12, #8]
    e9c1 2312 | strd r2, r3, [r1, #72]
    e9dc 2304 | ldrd r2, r3, [r12, #16]
    e9c1 2314 | strd r2, r3, [r1, #80]
    e9dc 2306 | ldrd r2, r3, [r12, #24]
    e9c1 2316 | strd r2, r3, [r1, #88]
    6902      | ldr r2, [r0, #16]
    f012 0f10 | tst r2, #16
    d006      | beq NoFp
    f101 0280 | add r2, r1, #128
    ec82 0a20 | vstm r2, {s0-s31}
    eef1 2a10 | vmrs r2, fpscr
    63ca      | str r2, [r1, #60]
NoFp:
    f501 7180 | add r1, #256
    6081      | str r1, [r0, #8]
    68c2      | ldr r2, [r0, #12]
    3201      | adds r2, #1
    60c2      | str r2, [r0, #12]
    2a0a      | cmp r2, #10
    d24e      | bhs End
    f3ef 8305 | mrs r3, ipsr
    2b0b      | cmp r3, #11
    d034      | beq Svc
    2b07      | cmp r3, #7
    d231      | bhs Return
    4a48      | ldr r2, =0xE000ED28
    6813      | ldr r3, [r2]
    6013      | str r3, [r2]
    6851      | ldr r1, [r2, #4]
    6051      | str r1, [r2, #4]
    2b00      | cmp r3, #0
    d041      | beq End
    4945      | ldr r1, =0x61919
    420b      | tst r3, r1
    d13e      | bne End
    f413 6f80 | tst r3, #0x400
    d124      | bne Return
    f8dc 2018 | ldr r2, [r12, #24]
    8813      | ldrh r3, [r2]
    0adb      | lsrs r3, #11
    2b1d      | cmp r3, #0x1D
    bf2c      | ite hs
    3204      | addhs r2, #4
    3202      | addlo r2, #2
    f8cc 2018 | str r2, [r12, #24]
    f8dc 201c | ldr r2, [r12, #28]
    f3c2 2385 | ubfx r3, r2, #10, #6
    009b      | lsls r3, #2
    f3c2 6141 | ubfx r1, r2, #25, #2
    430b      | orrs r3, r1
    f003 01e0 | and r1, r3, #0xE0
    f013 0f07 | tst r3, #7
    ea4f 0343 | lsl r3, #1
    f003 031f | and r3, #0x1F
    ea43 0301 | orr r3, r1
    bf08      | it eq
    2300      | moveq r3, #0
    f363 625a | bfi r2, r3, #25, #2
    089b      | lsrs r3, #2
    f363 228f | bfi r2, r3, #10, #6
    f8cc 201c | str r2, [r12, #28]
Return:
    4770      | bx lr
Svc:
    f8dc 3018 | ldr r3, [r12, #24]
    f813 3c02 | ldrb r3, [r3, #-2]
    2b01      | cmp r3, #1
    d1f8      | bne Return
    e00e      | b End
NoFrame:
    f501 7180 | add r1, #256
    6081      | str r1, [r0, #8]
    68c2      | ldr r2, [r0, #12]
    3201      | adds r2, #1
    60c2      | str r2, [r0, #12]
    4828      | ldr r0, =0xE000ED28
    6801      | ldr r1, [r0]
    6001      | str r1, [r0]
    6841      | ldr r1, [r0, #4]
    6041      | str r1, [r0, #4]
    4827      | ldr r0, =0xE000EF34
    f04f 4140 | mov r1, #0xC0000000
    6001      | str r1, [r0]
End:
    4826      | ldr r0, =0xE000ED88
    f44f 0270 | mov r2, #0xF00000
    6002      | str r2, [r0]
    f3bf 8f4f | dsb
    f3bf 8f6f | isb
    491d      | ldr r1, =0x200009C0
    6889      | ldr r1, [r1, #8]
    f1a1 0180 | sub r1, #128
    ec81 0a20 | vstm r1, {s0-s31}
    eef1 2a10 | vmrs r2, fpscr
    f841 2c44 | str r2, [r1, #-68]
    481c      | ldr r0, =0xE000EF34
    f04f 4240 | mov r2, #0xC0000000
    6002      | str r2, [r0]
    481c      | ldr r0, =0xE000ED04
    f04f 6220 | mov r2, #0x0A000000
    6002      | str r2, [r0]
    481b      | ldr r0, =0xE000E280
    f04f 32ff | mov r2, #0xFFFFFFFF
    6002      | str r2, [r0]
    481a      | ldr r0, =0xE000ED24
    6802      | ldr r2, [r0]
    f422 4270 | bic r2, #0xF000
    6002      | str r2, [r0]
    2000      | movs r0, #0
    f380 8810 | msr primask, r0
    f380 8811 | msr basepri, r0
    f380 8813 | msr faultmask, r0
    f380 8814 | msr control, r0
    4814      | ldr r0, =0x20000860
    f380 8808 | msr msp, r0
    f01e 0f08 | tst lr, #8
    d108      | bne ToThread
    f20f 0108 | adr.w r1, Unwind
    4a11      | ldr r2, =0x0100000E
    f06f 0e0e | mvn lr, #0xE
    e008      | b Fabricate
Unwind:
    480e      | ldr r0, =0x20000860
    f380 8808 | msr msp, r0
ToThread:
    f2af 318e | adr.w r1, Continue
    f04f 7280 | mov r2, #0x01000000
    f06f 0e06 | mvn lr, #6
Fabricate:
    e9c0 1206 | strd r1, r2, [r0, #24]
    4770      | bx lr
    09c0 2000 ed00 e000 ed28 e000 1919 0006 ef34 e000 ed88 e000 ed04 e000 e280 e000 ed24 e000 0860 2000 000e 0100 | .ltorg
)m4";

} // namespace simprof::differential
