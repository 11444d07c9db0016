// SPDX-License-Identifier: GPL-2.0-or-later
// Floating-point state across exceptions (Armv7-M ARM B1.5.6, B1.5.7): 18 more words in the frame, S0 at offset 32,
// filled at once or, lazily, by the handler's first floating-point instruction.
#include "core/check.h"
#include "core/fpu.h"
#include "core/handlers.h"

extern "C" {
// 1.0, 2.0, 3.0 ... are easy to see in a dump.
extern const float floatPattern[32];
alignas(8) const float floatPattern[32] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16,
                                           17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32};
alignas(8) float floatResult[32];
std::uintptr_t threadStackPointer;
}

namespace {

constexpr std::uint32_t kAutomatic = 1U << 31; // FPCCR.ASPEN
constexpr std::uint32_t kLazy = 1U << 30;      // FPCCR.LSPEN
constexpr std::uint32_t kOld = 0xDEADBEEF;

std::uint32_t seenFpccr;
std::uint32_t seenFpcar;
std::uint32_t seenFpscr;
std::uint32_t seenSlot; // where the frame keeps S0
std::uint32_t fpccrAfterUse;
std::uint32_t slotAfterUse;

// Pends IRQ0 with S0..S31 and S16..S31 known, the stack below filled with kOld; returns how many S registers differ.
__attribute__((naked)) std::uint32_t pendHoldingFloats() {
    asm volatile("push {r4-r7, lr}\n"
                 "sub sp, #4\n"
                 "vpush {s16-s31}\n"
                 "mov r0, sp\n" // kOld into 64 words below
                 "ldr r1, =0xDEADBEEF\n"
                 "movs r2, #64\n"
                 "1: str r1, [r0, #-4]!\n"
                 "subs r2, #1\n"
                 "bne 1b\n"
                 "ldr r0, =floatPattern\n"
                 "vldmia r0, {s0-s31}\n"
                 "ldr r1, =threadStackPointer\n"
                 "mov r2, sp\n"
                 "str r2, [r1]\n"
                 "ldr r1, =0xE000E200\n" // NVIC_ISPR0
                 "movs r2, #1\n"
                 "str r2, [r1]\n"
                 "dsb\n"
                 "isb\n"
                 "ldr r1, =floatResult\n"
                 "vstmia r1, {s0-s31}\n"
                 "ldr r0, =floatPattern\n"
                 "movs r2, #32\n"
                 "movs r3, #0\n"
                 "2: ldr r4, [r0], #4\n"
                 "ldr r5, [r1], #4\n"
                 "cmp r4, r5\n"
                 "it ne\n"
                 "addne r3, #1\n"
                 "subs r2, #1\n"
                 "bne 2b\n"
                 "mov r0, r3\n"
                 "vpop {s16-s31}\n"
                 "add sp, #4\n"
                 "pop {r4-r7, pc}\n");
}

void useAllFloats() {
    asm volatile("vmov s0, %0\n vmov s1, %0\n vmov s15, %0\n vadd.f32 s7, s0, s1\n" ::"r"(0x41000000)
                 : "s0", "s1", "s7", "s15", "memory");
}

void lookOnly() {
    seenFpccr = FPCCR;
    seenFpcar = FPCAR;
    seenSlot = REGISTER(FPCAR);
}

void lookAndUse() {
    lookOnly();
    useAllFloats();
    seenFpscr = readFpscr();
    fpccrAfterUse = FPCCR;
    slotAfterUse = REGISTER(FPCAR);
}

std::uint32_t floatsInLow;

// Runs inside IRQ1, which holds floating-point values of its own across IRQ0.
void nestWithFloats() { floatsInLow = pendHoldingFloats(); }

void clearFloatContext() { asm volatile("msr control, %0\n isb" ::"r"(readControl() & ~4U) : "memory"); }

void checkLazy() {
    irqAction[0] = lookOnly;
    expectEqual("fpu: lazy, handler without floats: registers kept", pendHoldingFloats(), 0);
    expectEqual("fpu: EXC_RETURN names the long frame", lastExcReturn, 0xFFFFFFE9);
    expectEqual("fpu: LSPACT in the handler", seenFpccr & 1, 1);
    expectEqual("fpu: FPCCR.THREAD", (seenFpccr >> 3) & 1, 1);
    expectEqual("fpu: FPCAR is 72 bytes below the interrupted stack pointer", threadStackPointer - seenFpcar, 72);
    expectEqual("fpu: lazily reserved, not written", seenSlot, kOld);
    expectEqual("fpu: LSPACT after the return", FPCCR & 1, 0);

    irqAction[0] = lookAndUse;
    FPDSCR = 3U << 22; // RMode towards zero for new contexts
    writeFpscr(1U << 22);
    expectEqual("fpu: lazy, handler with floats: registers kept", pendHoldingFloats(), 0);
    expectEqual("fpu: the first float instruction writes S0", slotAfterUse, 0x3F800000);
    expectEqual("fpu: and clears LSPACT", fpccrAfterUse & 1, 0);
    expectEqual("fpu: a handler's FPSCR starts from FPDSCR", seenFpscr & 0x07C00000, 3U << 22);
    expectEqual("fpu: the thread's FPSCR comes back", readFpscr() & 0x07C00000, 1U << 22);
    FPDSCR = 0;
    writeFpscr(0);
}

void checkNested() {
    irqAction[1] = nestWithFloats;
    setPriority(1, 0x80);
    setPriority(0, 0x40);
    asm volatile("vmov s9, %0" ::"r"(0x12345678) : "s9");
    pend(1);
    std::uint32_t s9;
    asm volatile("vmov %0, s9" : "=r"(s9));
    expectEqual("fpu: nested handlers keep each other's registers", floatsInLow, 0);
    expectEqual("fpu: and the thread's", s9, 0x12345678);
}

} // namespace

void checkStacking() {
    handlersReset();
    expectEqual("fpu: FPCCR after reset", FPCCR & (kAutomatic | kLazy), kAutomatic | kLazy);
    checkLazy();
    checkNested();

    FPCCR = kAutomatic;
    irqAction[0] = lookAndUse;
    expectEqual("fpu: not lazy: registers kept", pendHoldingFloats(), 0);
    expectEqual("fpu: not lazy: LSPACT", seenFpccr & 1, 0);
    FPCCR = kAutomatic | kLazy;
    dataBarrier();

    irqAction[0] = [] {};
    clearFloatContext();
    NVIC_ISPR(0) = 1;
    dataBarrier();
    instructionBarrier();
    expectEqual("fpu: without float context the short frame", lastExcReturn, 0xFFFFFFF9);
    handlersReset();
}
