// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/differential/monitor.h"

namespace simprof::differential {

const char* const kMonitor = R"m0(
Reset:
    4c2d      | ldr r4, =0x20000900
    a22c      | adr r2, console
    61a2      | str r2, [r4, #24]
    2204      | movs r2, #4
    61e2      | str r2, [r4, #28]
    2203      | movs r2, #3
    6222      | str r2, [r4, #32]
    2118      | movs r1, #24
    1861      | adds r1, r4, r1
    2001      | movs r0, #1
    beab      | bkpt 0xab
    6160      | str r0, [r4, #20]
    251c      | movs r5, #0x1C
    682d      | ldr r5, [r5]
NextCase:
    2d00      | cmp r5, #0
    d044      | beq Exit
    69ae      | ldr r6, [r5, #24]
    69ef      | ldr r7, [r5, #28]
NextRun:
    4825      | ldr r0, =0x200009C0
    6869      | ldr r1, [r5, #4]
    6001      | str r1, [r0]
    6046      | str r6, [r0, #4]
    4924      | ldr r1, =0x20000E00
    6081      | str r1, [r0, #8]
    2100      | movs r1, #0
    60c1      | str r1, [r0, #12]
    68a9      | ldr r1, [r5, #8]
    6101      | str r1, [r0, #16]
    6a28      | ldr r0, [r5, #32]
    4922      | ldr r1, =0x20000A00
    4a20      | ldr r2, =0x20000E00
Copy:
    c818      | ldm r0!, {r3, r4}
    c118      | stm r1!, {r3, r4}
    4291      | cmp r1, r2
    d1fb      | bne Copy
    4820      | ldr r0, =0x20000CC0
    f380 8809 | msr psp, r0
    23c0      | movs r3, #0xc0
    681b      | ldr r3, [r3]
    4798      | blx r3
    2024      | movs r0, #36
    1828      | adds r0, r5, r0
Write:
    c802      | ldm r0!, {r1}
    2900      | cmp r1, #0
    d002      | beq Written
    c804      | ldm r0!, {r2}
    600a      | str r2, [r1]
    e7f9      | b Write
Written:
    f3bf 8f4f | dsb
    f3bf 8f6f | isb
    4c13      | ldr r4, =0x20000900
    6025      | str r5, [r4]
    6066      | str r6, [r4, #4]
    60a7      | str r7, [r4, #8]
    df00      | svc #0
Continue:
    2000      | movs r0, #0
    f380 8814 | msr control, r0
    f3bf 8f6f | isb
    4c0e      | ldr r4, =0x20000900
    6825      | ldr r5, [r4]
    6866      | ldr r6, [r4, #4]
    68a7      | ldr r7, [r4, #8]
    480d      | ldr r0, =0x200009C0
    6881      | ldr r1, [r0, #8]
    1a09      | subs r1, r1, r0
    6962      | ldr r2, [r4, #20]
    61a2      | str r2, [r4, #24]
    61e0      | str r0, [r4, #28]
    6221      | str r1, [r4, #32]
    2118      | movs r1, #24
    1861      | adds r1, r4, r1
    2005      | movs r0, #5
    beab      | bkpt 0xab
    20d4      | movs r0, #0xD4
    6800      | ldr r0, [r0]
    183f      | adds r7, r7, r0
    3e01      | subs r6, #1
    d1be      | bne NextRun
    682d      | ldr r5, [r5]
    e7b8      | b NextCase
Exit:
    2018      | movs r0, #0x18
    4907      | ldr r1, =0x20026
    beab      | bkpt 0xab
Forever:
    e7fe      | b Forever
    46c0      | .balign 4
console:
    743a 0074 | .ascii ":tt\0"
    0900 2000 09c0 2000 0e00 2000 0a00 2000 0cc0 2000 0026 0002 | .ltorg
SVCall:
    4670      | mov r0, lr
    2104      | movs r1, #4
    4208      | tst r0, r1
    d002      | beq OnMsp
    f3ef 8009 | mrs r0, psp
    e001      | b HaveFrame
OnMsp:
    f3ef 8008 | mrs r0, msp
HaveFrame:
    6981      | ldr r1, [r0, #24]
    3902      | subs r1, #2
    7809      | ldrb r1, [r1]
    2900      | cmp r1, #0
    d000      | beq Enter
    e070      | b Common
Enter:
    4833      | ldr r0, =0x20000900
    6801      | ldr r1, [r0]
    688a      | ldr r2, [r1, #8]
    6883      | ldr r3, [r0, #8]
    2404      | movs r4, #4
    4222      | tst r2, r4
    d12a      | bne EnterHandler
    690c      | ldr r4, [r1, #16]
    25c4      | movs r5, #0xc4
    682d      | ldr r5, [r5]
    47a8      | blx r5
    3c20      | subs r4, #0x20
    cbe0      | ldm r3!, {r5, r6, r7}
    c4e0      | stm r4!, {r5, r6, r7}
    cbe0      | ldm r3!, {r5, r6, r7}
    c4e0      | stm r4!, {r5, r6, r7}
    68cd      | ldr r5, [r1, #12]
    2601      | movs r6, #1
    43b5      | bics r5, r6
    685e      | ldr r6, [r3, #4]
    c460      | stm r4!, {r5, r6}
    3308      | adds r3, #8
    3c20      | subs r4, #32
    2608      | movs r6, #8
    4016      | ands r6, r2
    0076      | lsls r6, r6, #1
    2502      | movs r5, #2
    422a      | tst r2, r5
    d003      | beq ToMsp
    f384 8809 | msr psp, r4
    4c24      | ldr r4, =0xFFFFFFFD
    e002      | b HaveStack
ToMsp:
    f384 8808 | msr msp, r4
    4c23      | ldr r4, =0xFFFFFFF9
HaveStack:
    1ba4      | subs r4, r4, r6
    46a6      | mov lr, r4
    694c      | ldr r4, [r1, #20]
    f384 8810 | msr primask, r4
    3310      | adds r3, #16
    cbf0      | ldm r3!, {r4-r7}
    46a0      | mov r8, r4
    46a9      | mov r9, r5
    46b2      | mov r10, r6
    46bb      | mov r11, r7
    3b20      | subs r3, #32
    cbf0      | ldm r3!, {r4-r7}
    4770      | bx lr
EnterHandler:
    2101      | movs r1, #1
    60c1      | str r1, [r0, #12]
    491c      | ldr r1, =0xE000ED04
    4a1c      | ldr r2, =0x10000000
    600a      | str r2, [r1]
    4770      | bx lr
PendSV:
    4817      | ldr r0, =0x20000900
    68c1      | ldr r1, [r0, #12]
    2900      | cmp r1, #0
    d100      | bne Launch
    e033      | b Common
Launch:
    2100      | movs r1, #0
    60c1      | str r1, [r0, #12]
    6801      | ldr r1, [r0]
    6883      | ldr r3, [r0, #8]
    688a      | ldr r2, [r1, #8]
    690c      | ldr r4, [r1, #16]
    25c4      | movs r5, #0xc4
    682d      | ldr r5, [r5]
    47a8      | blx r5
    4622      | mov r2, r4
    3a24      | subs r2, #36
    6b1c      | ldr r4, [r3, #48]
    46a0      | mov r8, r4
    6b5c      | ldr r4, [r3, #52]
    46a1      | mov r9, r4
    6b9c      | ldr r4, [r3, #56]
    46a2      | mov r10, r4
    6bdc      | ldr r4, [r3, #60]
    46a3      | mov r11, r4
    691c      | ldr r4, [r3, #16]
    46a4      | mov r12, r4
    695c      | ldr r4, [r3, #20]
    46a6      | mov lr, r4
    f382 8808 | msr msp, r2
    68cc      | ldr r4, [r1, #12]
    6214      | str r4, [r2, #32]
    694c      | ldr r4, [r1, #20]
    f384 8810 | msr primask, r4
    69dc      | ldr r4, [r3, #28]
    f384 8800 | msr apsr_nzcvq, r4
    4618      | mov r0, r3
    c8f0      | ldm r0!, {r4-r7}
    c2f0      | stm r2!, {r4-r7}
    6a1c      | ldr r4, [r3, #32]
    6a5d      | ldr r5, [r3, #36]
    6a9e      | ldr r6, [r3, #40]
    6adf      | ldr r7, [r3, #44]
    c2f0      | stm r2!, {r4-r7}
    bdff      | pop {r0-r7, pc}
    0900 2000 fffd ffff fff9 ffff ed04 e000 0000 1000 | .ltorg
Common:
    46f4      | mov r12, lr
    4846      | ldr r0, =0x200009C0
    6881      | ldr r1, [r0, #8]
    f3ef 8205 | mrs r2, ipsr
    600a      | str r2, [r1]
    4672      | mov r2, lr
    604a      | str r2, [r1, #4]
    f3ef 8214 | mrs r2, control
    608a      | str r2, [r1, #8]
    f3ef 8210 | mrs r2, primask
    60ca      | str r2, [r1, #12]
    2200      | movs r2, #0
    610a      | str r2, [r1, #16]
    614a      | str r2, [r1, #20]
    618a      | str r2, [r1, #24]
    61ca      | str r2, [r1, #28]
    628a      | str r2, [r1, #40]
    62ca      | str r2, [r1, #44]
    638a      | str r2, [r1, #56]
    63ca      | str r2, [r1, #60]
    4b3c      | ldr r3, =0xE000ED00
    685a      | ldr r2, [r3, #4]
    620a      | str r2, [r1, #32]
    6a5a      | ldr r2, [r3, #0x24]
    624a      | str r2, [r1, #36]
    f3ef 8208 | mrs r2, msp
    630a      | str r2, [r1, #48]
    f3ef 8209 | mrs r2, psp
    634a      | str r2, [r1, #52]
    660c      | str r4, [r1, #96]
    664d      | str r5, [r1, #100]
    668e      | str r6, [r1, #104]
    66cf      | str r7, [r1, #108]
    4642      | mov r2, r8
    670a      | str r2, [r1, #112]
    464a      | mov r2, r9
    674a      | str r2, [r1, #116]
    4652      | mov r2, r10
    678a      | str r2, [r1, #120]
    465a      | mov r2, r11
    67ca      | str r2, [r1, #124]
    23c8      | movs r3, #0xc8
    681b      | ldr r3, [r3]
    4798      | blx r3
    46e6      | mov lr, r12
    2200      | movs r2, #0
    2b00      | cmp r3, #0
    d118      | bne Noted
    4672      | mov r2, lr
    2304      | movs r3, #4
    421a      | tst r2, r3
    d002      | beq FrameOnMsp
    f3ef 8209 | mrs r2, psp
    e001      | b CopyFrame
FrameOnMsp:
    f3ef 8208 | mrs r2, msp
CopyFrame:
    6813      | ldr r3, [r2]
    640b      | str r3, [r1, #64]
    6853      | ldr r3, [r2, #4]
    644b      | str r3, [r1, #68]
    6893      | ldr r3, [r2, #8]
    648b      | str r3, [r1, #72]
    68d3      | ldr r3, [r2, #12]
    64cb      | str r3, [r1, #76]
    6913      | ldr r3, [r2, #16]
    650b      | str r3, [r1, #80]
    6953      | ldr r3, [r2, #20]
    654b      | str r3, [r1, #84]
    6993      | ldr r3, [r2, #24]
    658b      | str r3, [r1, #88]
    69d3      | ldr r3, [r2, #28]
    65cb      | str r3, [r1, #92]
Noted:
    23ff      | movs r3, #255
    18c9      | adds r1, r3
    3101      | adds r1, #1
    6081      | str r1, [r0, #8]
    68c3      | ldr r3, [r0, #12]
    3301      | adds r3, #1
    60c3      | str r3, [r0, #12]
    2b0a      | cmp r3, #10
    d213      | bhs End
    2a00      | cmp r2, #0
    d011      | beq End
    f3ef 8305 | mrs r3, ipsr
    2b0b      | cmp r3, #11
    d008      | beq Svc
    2b07      | cmp r3, #7
    d205      | bhs Return
    23cc      | movs r3, #0xcc
    681b      | ldr r3, [r3]
    4798      | blx r3
    46e6      | mov lr, r12
    2b00      | cmp r3, #0
    d105      | bne End
Return:
    4770      | bx lr
Svc:
    6993      | ldr r3, [r2, #24]
    3b02      | subs r3, #2
    781b      | ldrb r3, [r3]
    2b01      | cmp r3, #1
    d1f9      | bne Return
End:
    4813      | ldr r0, =0xE000ED04
    4a13      | ldr r2, =0x0A000000
    6002      | str r2, [r0]
    4813      | ldr r0, =0xE000E280
    2200      | movs r2, #0
    43d2      | mvns r2, r2
    6002      | str r2, [r0]
    23d0      | movs r3, #0xd0
    681b      | ldr r3, [r3]
    4798      | blx r3
    46e6      | mov lr, r12
    2000      | movs r0, #0
    f380 8810 | msr primask, r0
    480f      | ldr r0, =0x20000860
    f380 8808 | msr msp, r0
    4672      | mov r2, lr
    2308      | movs r3, #8
    421a      | tst r2, r3
    d106      | bne ToThread
    490c      | ldr r1, =Unwind-0x08000000
    4a0d      | ldr r2, =0x0100000E
    4b0d      | ldr r3, =0xFFFFFFF1
    e005      | b Fabricate
Unwind:
    4809      | ldr r0, =0x20000860
    f380 8808 | msr msp, r0
ToThread:
    490c      | ldr r1, =Continue-0x08000000
    4a0c      | ldr r2, =0x01000000
    4b0d      | ldr r3, =0xFFFFFFF9
Fabricate:
    6181      | str r1, [r0, #24]
    61c2      | str r2, [r0, #28]
    4718      | bx r3
    0000 09c0 2000 ed00 e000 ed04 e000 0000 0a00 e280 e000 0860 2000 03d8 0000 000e 0100 fff1 ffff 0174 0000 0000 0100 fff9 ffff | .ltorg
)m0";

} // namespace simprof::differential
