// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/check.h"
#include "core/exceptions.h"
#include "core/handlers.h"

namespace {

constexpr std::uint32_t kSleepOnExit = 1U << 1; // SCR
constexpr std::uint32_t kSevOnPend = 1U << 4;

volatile std::uint32_t ticks;

void countTick() { ticks = ticks + 1; }

void countThreeTicks() {
    ticks = ticks + 1;
    if (ticks == 3) {
        SCB_SCR &= ~kSleepOnExit;
    }
}

void doNothing() {}

void startTimer(std::uint32_t milliseconds) {
    ticks = 0;
    SYST_RVR = milliseconds * (boardClockHz() / 1000) - 1;
    SYST_CVR = 0;
    SYST_CSR = 7;
}

void stopTimer() {
    SYST_CSR = 0;
    SCB_ICSR = 1U << 25; // PENDSTCLR
    dataBarrier();
    instructionBarrier();
}

void waitForInterrupt() { asm volatile("dsb\n wfi\n isb" ::: "memory"); }

void waitForEvent() { asm volatile("dsb\n wfe\n isb" ::: "memory"); }

void sendEvent() { asm volatile("sev" ::: "memory"); }

} // namespace

void checkSleep() {
    handlersReset();
    systickAction = countTick;
    startTimer(1);
    unsigned wakes = 0;
    while (ticks < 5) {
        waitForInterrupt();
        ++wakes;
    }
    stopTimer();
    expectEqual("wfi: one wake a tick", wakes, 5);

    disableInterrupts();
    startTimer(1);
    waitForInterrupt();
    const std::uint32_t pendingMasked = (SCB_ICSR >> 26) & 1; // PENDSTSET
    const std::uint32_t ticksMasked = ticks;
    enableInterrupts();
    instructionBarrier();
    stopTimer();
    expectEqual("wfi: wakes while PRIMASK is set", pendingMasked, 1);
    expectEqual("wfi: the handler waits for PRIMASK", ticksMasked, 0);
    expectEqual("wfi: the handler runs afterwards", ticks, 1);

    sendEvent();
    waitForEvent(); // clears what exceptions have left
    startTimer(2);
    sendEvent();
    waitForEvent();
    expectEqual("wfe: returns at once after sev", ticks, 0);
    waitForEvent();
    expectEqual("wfe: sleeps until an exception otherwise", ticks, 1);
    stopTimer();

    sendEvent();
    waitForEvent();
    NVIC_ICER(0) = 1;
    SCB_SCR |= kSevOnPend;
    startTimer(2);
    NVIC_ISPR(0) = 1;
    waitForEvent();
    expectEqual("wfe: a disabled interrupt wakes with SEVONPEND", ticks, 0);
    SCB_SCR &= ~kSevOnPend;
    stopTimer();
    NVIC_ICPR(0) = 1;
    NVIC_ISER(0) = 1;

    sendEvent();
    waitForEvent();
    irqAction[1] = doNothing;
    startTimer(2);
    pend(1);
    waitForEvent();
    expectEqual("wfe: the return from an exception is an event", ticks, 0);
    stopTimer();

    systickAction = countThreeTicks;
    SCB_SCR |= kSleepOnExit;
    startTimer(1);
    waitForInterrupt();
    const std::uint32_t ticksAtReturn = ticks;
    stopTimer();
    expectEqual("sleeponexit: the thread goes on when a handler says so", ticksAtReturn, 3);
    systickAction = nullptr;
    handlersReset();
}
