// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/check.h"
#include "core/exceptions.h"
#include "core/handlers.h"

namespace {

volatile std::uint32_t ticks;

void countTick() { ticks = ticks + 1; }

void waitForTick() {
    const std::uint32_t now = ticks;
    while (ticks == now) {
    }
}

// Turns of an empty loop between two ticks; one copy of the code, so that equal times are equal turns.
__attribute__((noinline)) std::uint32_t turnsBetweenTicks() {
    const std::uint32_t now = ticks;
    std::uint32_t turns = 0;
    while (ticks == now) {
        ++turns;
    }
    return turns;
}

} // namespace

void checkSysTick() {
    const std::uint32_t period = boardClockHz() / 1000;
    systickAction = countTick;
    ticks = 0;
    SYST_RVR = period - 1;
    SYST_CVR = 0;
    SYST_CSR = 7; // ENABLE, TICKINT, processor clock

    waitForTick();
#if __ARM_ARCH >= 7
    cycleCounterStart();
    const std::uint32_t start = cycleCount();
    for (int tick = 0; tick < 10; ++tick) {
        waitForTick();
    }
    const std::uint32_t elapsed = cycleCount() - start;
    // The start lies a few instructions behind a tick, the end as many; both see a handler's length.
    expectWithin("systick: 10 ticks take 10 ms", elapsed, 10 * period - 200, 10 * period + 200);
#else
    waitForTick();
    (void)turnsBetweenTicks();
#endif
    waitForTick();
    const std::uint32_t first = turnsBetweenTicks();
    const std::uint32_t second = turnsBetweenTicks();
    expectWithin("systick: equal periods hold equal work", second, first - first / 50, first + first / 50);
    expectEqual("systick: IPSR in thread mode", readIpsr(), 0);

    SYST_CSR = 5; // no interrupt
    (void)SYST_CSR;
    while ((SYST_CSR & (1U << 16)) == 0) { // COUNTFLAG
    }
    expectEqual("systick: COUNTFLAG is cleared by its read", SYST_CSR, 5);
    const std::uint32_t before = ticks;
    while ((SYST_CSR & (1U << 16)) == 0) {
    }
    expectEqual("systick: no interrupt without TICKINT", ticks, before);
    SYST_CVR = 123; // any write clears
    SYST_CSR = 0;
    expectWithin("systick: a write restarts at RVR", SYST_CVR == 0 ? period : SYST_CVR, period - 100, period);
    SYST_RVR = 0x12345678;
    expectEqual("systick: RVR has 24 bits", SYST_RVR, 0x345678);
    systickAction = nullptr;
}
