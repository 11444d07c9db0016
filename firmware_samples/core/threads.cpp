// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/threads.h"

#include "bsp/cortex_m.h"

extern "C" {
Thread* volatile currentThread;
Thread* volatile nextThread;
}

void threadCreate(Thread& thread, void (*entry)(), std::uint32_t* stackTop) {
    std::uint32_t* frame = stackTop - 8; // r0..r3, r12, lr, pc, xPSR
    for (int word = 0; word < 6; ++word) {
        frame[word] = 0;
    }
    frame[6] = reinterpret_cast<std::uintptr_t>(entry) & ~1U;
    frame[7] = 1U << 24;              // xPSR: Thumb state
    std::uint32_t* saved = frame - 9; // r4..r11, EXC_RETURN
    for (int word = 0; word < 8; ++word) {
        saved[word] = 0;
    }
    saved[8] = 0xFFFFFFFD; // thread mode, process stack, no floating-point state
    thread.stackPointer = saved;
}

void switchTo(Thread& thread) {
    nextThread = &thread;
    SCB_ICSR = 1U << 28; // PENDSVSET
    dataBarrier();
    instructionBarrier();
}

extern "C" __attribute__((naked)) void PendSV_Handler() {
#if __ARM_ARCH >= 7
    asm volatile("mrs r0, psp\n"
#ifdef __ARM_FP
                 "tst lr, #0x10\n"
                 "it eq\n"
                 "vstmdbeq r0!, {s16-s31}\n"
#endif
                 "stmdb r0!, {r4-r11, lr}\n"
                 "ldr r1, =currentThread\n"
                 "ldr r2, [r1]\n"
                 "str r0, [r2]\n"
                 "ldr r2, =nextThread\n"
                 "ldr r2, [r2]\n"
                 "str r2, [r1]\n"
                 "ldr r0, [r2]\n"
                 "ldmia r0!, {r4-r11, lr}\n"
#ifdef __ARM_FP
                 "tst lr, #0x10\n"
                 "it eq\n"
                 "vldmiaeq r0!, {s16-s31}\n"
#endif
                 "msr psp, r0\n"
                 "bx lr\n");
#else
    asm volatile("mrs r0, psp\n"
                 "subs r0, #36\n"
                 "mov r3, r0\n"
                 "stmia r3!, {r4-r7}\n"
                 "mov r4, r8\n"
                 "mov r5, r9\n"
                 "mov r6, r10\n"
                 "mov r7, r11\n"
                 "stmia r3!, {r4-r7}\n"
                 "mov r4, lr\n"
                 "str r4, [r3]\n"
                 "ldr r1, =currentThread\n"
                 "ldr r2, [r1]\n"
                 "str r0, [r2]\n"
                 "ldr r2, =nextThread\n"
                 "ldr r2, [r2]\n"
                 "str r2, [r1]\n"
                 "ldr r0, [r2]\n"
                 "mov r3, r0\n"
                 "adds r3, #16\n"
                 "ldmia r3!, {r4-r7}\n"
                 "mov r8, r4\n"
                 "mov r9, r5\n"
                 "mov r10, r6\n"
                 "mov r11, r7\n"
                 "ldr r1, [r3]\n"
                 "ldmia r0!, {r4-r7}\n"
                 "adds r0, #20\n"
                 "msr psp, r0\n"
                 "bx r1\n");
#endif
}

extern "C" __attribute__((naked)) void runOnProcessStack(void (*)(), std::uint32_t*) {
    asm volatile("push {r4, lr}\n"
                 "msr psp, r1\n"
                 "mrs r2, control\n"
                 "movs r3, #2\n"
                 "orrs r2, r3\n"
                 "msr control, r2\n"
                 "isb\n"
                 "blx r0\n"
                 "mrs r2, control\n"
                 "movs r3, #2\n"
                 "bics r2, r3\n"
                 "msr control, r2\n"
                 "isb\n"
                 "pop {r4, pc}\n");
}

extern "C" __attribute__((naked)) std::uint32_t pendSvHoldingRegisters(std::uint32_t) {
    asm volatile("push {r4-r7, lr}\n"
                 "mov r4, r8\n"
                 "mov r5, r9\n"
                 "mov r6, r10\n"
                 "mov r7, r11\n"
                 "push {r4-r7}\n"
                 "push {r0}\n"
                 "adds r0, #4\n"
                 "mov r8, r0\n"
                 "adds r0, #1\n"
                 "mov r9, r0\n"
                 "adds r0, #1\n"
                 "mov r10, r0\n"
                 "adds r0, #1\n"
                 "mov r11, r0\n"
                 "subs r0, #7\n"
                 "mov r4, r0\n"
                 "adds r5, r4, #1\n"
                 "adds r6, r4, #2\n"
                 "adds r7, r4, #3\n"
                 "ldr r1, =0xE000ED04\n" // ICSR
                 "movs r2, #1\n"
                 "lsls r2, r2, #28\n" // PENDSVSET
                 "str r2, [r1]\n"
                 "dsb\n"
                 "isb\n"
                 "pop {r3}\n" // the pattern
                 "movs r0, #0\n"
                 "cmp r4, r3\n beq 1f\n adds r0, #1\n 1: adds r3, #1\n"
                 "cmp r5, r3\n beq 1f\n adds r0, #1\n 1: adds r3, #1\n"
                 "cmp r6, r3\n beq 1f\n adds r0, #1\n 1: adds r3, #1\n"
                 "cmp r7, r3\n beq 1f\n adds r0, #1\n 1: adds r3, #1\n"
                 "cmp r8, r3\n beq 1f\n adds r0, #1\n 1: adds r3, #1\n"
                 "cmp r9, r3\n beq 1f\n adds r0, #1\n 1: adds r3, #1\n"
                 "cmp r10, r3\n beq 1f\n adds r0, #1\n 1: adds r3, #1\n"
                 "cmp r11, r3\n beq 1f\n adds r0, #1\n 1:\n"
                 "pop {r4-r7}\n"
                 "mov r8, r4\n"
                 "mov r9, r5\n"
                 "mov r10, r6\n"
                 "mov r11, r7\n"
                 "pop {r4-r7, pc}\n");
}
