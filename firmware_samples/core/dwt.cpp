// SPDX-License-Identifier: GPL-2.0-or-later
// Cycles of known instruction sequences as the core counts them itself, each run from warm caches: `CYCLES name n` is
// the difference of two counter reads around the sequence less that around nothing.
#include "core/check.h"

#include "bsp/cortex_m.h"

namespace {

#if __ARM_ARCH >= 7
#define COUNTER "0xE0001004" // DWT_CYCCNT counts up
#else
#define COUNTER "0xE000E018" // SYST_CVR counts down
#endif

// A function that reads the counter, runs `code` with r0 = a scratch array, r1 = 7, r2 = 3, and reads it again.
#define SEQUENCE(name, code)                                                                                           \
    __attribute__((naked, noinline, aligned(32))) std::uint32_t name(std::uint32_t*) {                                 \
        asm volatile("push {r4-r7, lr}\n"                                                                              \
                     "ldr r7, =" COUNTER "\n"                                                                          \
                     "movs r1, #7\n"                                                                                   \
                     "movs r2, #3\n"                                                                                   \
                     "movs r4, #0\n"                                                                                   \
                     "ldr r6, [r7]\n" code "ldr r3, [r7]\n"                                                            \
                     "subs r0, r3, r6\n"                                                                               \
                     "pop {r4-r7, pc}\n"                                                                               \
                     ".ltorg\n");                                                                                      \
    }

#define REPEAT64(instruction) ".rept 64\n " instruction "\n .endr\n"
#define REPEAT16(instruction) ".rept 16\n " instruction "\n .endr\n"

SEQUENCE(nothing, "")
SEQUENCE(nops, REPEAT64("nop"))
SEQUENCE(dependentAdds, REPEAT64("adds r4, r4, r1"))
SEQUENCE(independentAdds, ".rept 32\n adds r3, r1, r2\n adds r4, r1, r2\n .endr\n")
SEQUENCE(multiplies, REPEAT64("muls r4, r1, r4"))
SEQUENCE(loads, REPEAT64("ldr r4, [r0]"))
SEQUENCE(stores, REPEAT64("str r4, [r0]"))
SEQUENCE(loadAndUse, ".rept 32\n ldr r4, [r0]\n adds r4, r4, r1\n .endr\n")
SEQUENCE(loadMultiple, REPEAT16("ldmia r0!, {r3, r4, r5}\n subs r0, #12"))
SEQUENCE(takenBranches, REPEAT16("b 1f\n nop\n 1:"))
SEQUENCE(countdown, "movs r3, #100\n 1: subs r3, #1\n bne 1b\n")
#if __ARM_ARCH >= 7
SEQUENCE(longMultiplies, REPEAT16("smull r3, r4, r1, r2"))
SEQUENCE(multiplyAdds, REPEAT16("mla r4, r1, r2, r4"))
SEQUENCE(dualMultiplyAdds, REPEAT16("smlad r4, r1, r2, r4"))
SEQUENCE(divisionsShort, REPEAT16("udiv r4, r1, r2"))
SEQUENCE(divisionsLong, "mvn r5, #0\n" REPEAT16("udiv r4, r5, r2"))
SEQUENCE(conditionals, "cmp r1, #7\n" REPEAT16("it eq\n addeq r4, r4, r1"))
SEQUENCE(floatAdds, REPEAT16("vadd.f32 s0, s1, s2"))
SEQUENCE(floatMultiplyAdds, REPEAT16("vfma.f32 s0, s1, s2"))
SEQUENCE(floatDivisions, "vmov.f32 s1, #1.0\n vmov.f32 s2, #3.0\n" REPEAT16("vdiv.f32 s0, s1, s2"))
#endif

std::uint32_t scratch[16];

std::uint32_t measureOnce(std::uint32_t (*sequence)(std::uint32_t*)) {
    std::uint32_t cycles = 0;
    for (int run = 0; run < 4; ++run) { // the last one counts: caches and predictors have seen it
        cycles = sequence(scratch);
    }
#if __ARM_ARCH < 7
    cycles = (0U - cycles) & 0xFFFFFF;
#endif
    return cycles;
}

std::uint32_t measure(const char* name, std::uint32_t (*sequence)(std::uint32_t*)) {
    const std::uint32_t cycles = measureOnce(sequence) - measureOnce(nothing);
    print("CYCLES ");
    print(name);
    print(" ");
    printUnsigned(cycles);
    print("\n");
    return cycles;
}

void measureBase() {
    // Lower bounds: one a cycle on M0+ and M4, two on M7 (Cortex-M7 TRM 1.4: dual issue). Upper bounds leave room for
    // wait states where no cache holds the sequence.
#ifdef CORE_IS_M7
    constexpr std::uint32_t kLeast = 30;
#else
    constexpr std::uint32_t kLeast = 64;
#endif
    expectWithin("dwt: 64 NOP", measure("nop-64", nops), kLeast, 256);
    expectWithin("dwt: 64 dependent ADDS", measure("adds-dependent-64", dependentAdds), 62, 256);
    expectWithin("dwt: 64 independent ADDS", measure("adds-independent-64", independentAdds), kLeast, 256);
    expectWithin("dwt: 64 MULS", measure("muls-64", multiplies), 62, 256);
    expectWithin("dwt: 64 LDR", measure("ldr-64", loads), kLeast, 320);
    expectWithin("dwt: 64 STR", measure("str-64", stores), kLeast, 320);
    // On the M7 each ADDS goes out with the next LDR: a word load feeds a late ALU in the next cycle.
    expectWithin("dwt: 32 LDR with ADDS of the loaded", measure("ldr-adds-32", loadAndUse), kLeast, 320);
    expectWithin("dwt: 16 LDM of three", measure("ldm3-16", loadMultiple), 32, 240);
    expectWithin("dwt: 16 taken B", measure("b-16", takenBranches), 16, 160);
    // With flash wait states a prefetch that each turn starts anew may hold the branch back.
    expectWithin("dwt: 100 turns of SUBS, BNE", measure("subs-bne-100", countdown), 100, 800);
}

#if __ARM_ARCH >= 7
void measureExtended() {
    expectWithin("dwt: 16 SMULL", measure("smull-16", longMultiplies), 14, 64);
    expectWithin("dwt: 16 MLA", measure("mla-16", multiplyAdds), 14, 64);
    expectWithin("dwt: 16 SMLAD", measure("smlad-16", dualMultiplyAdds), 14, 64);
    expectWithin("dwt: 16 UDIV 7 / 3", measure("udiv-short-16", divisionsShort), 30, 208);
    expectWithin("dwt: 16 UDIV 0xFFFFFFFF / 3", measure("udiv-long-16", divisionsLong), 30, 340);
    expectWithin("dwt: 16 IT with ADD", measure("it-add-16", conditionals), 8, 80);
    expectWithin("dwt: 16 VADD", measure("vadd-16", floatAdds), 14, 80);
    expectWithin("dwt: 16 dependent VFMA", measure("vfma-16", floatMultiplyAdds), 14, 96);
    expectWithin("dwt: 16 VDIV", measure("vdiv-16", floatDivisions), 200, 360); // 14 cycles each (M4 TRM table 7-1)
}

void compareCounters() {
    SYST_RVR = 0xFFFFFF;
    SYST_CVR = 0;
    SYST_CSR = 5;
    while (SYST_CVR == 0) {
    }
    const std::uint32_t systickStart = SYST_CVR;
    const std::uint32_t dwtStart = DWT_CYCCNT;
    spinCycles(5000);
    const std::uint32_t systickEnd = SYST_CVR;
    const std::uint32_t dwtEnd = DWT_CYCCNT;
    const std::uint32_t bySystick = systickStart - systickEnd;
    expectWithin("dwt: CYCCNT and SysTick count the same clock", dwtEnd - dwtStart, bySystick - 8, bySystick + 8);
    SYST_CSR = 0;

    DWT_CTRL &= ~1U;
    const std::uint32_t stopped = DWT_CYCCNT;
    spinCycles(100);
    expectEqual("dwt: CYCCNT stops with CYCCNTENA", DWT_CYCCNT, stopped);
    DWT_CYCCNT = 0xFFFFFFF0;
    DWT_CTRL |= 1U;
    spinCycles(100);
    expectWithin("dwt: CYCCNT wraps", DWT_CYCCNT, 60, 1000);
}
#endif

} // namespace

int main() {
    boardInit();
    cycleCounterStart();
    measureBase();
#if __ARM_ARCH >= 7
    measureExtended();
    compareCounters();
#endif
    return finishChecks();
}
