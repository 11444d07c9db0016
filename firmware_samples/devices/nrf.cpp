// SPDX-License-Identifier: GPL-2.0-or-later
// TIMER0 and RTC0, the same on nRF51 and nRF52.
#include "devices/nrf.h"
#include "devices/devices.h"

using namespace nrf;

extern "C" void IRQ8_Handler() // TIMER0
{
    clearEvent(kTimer + 0x140);
    ticks = ticks + 1;
}

extern "C" void IRQ11_Handler() // RTC0
{
    clearEvent(kRtc + 0x140);
    REGISTER(kRtc + 0x004) = 1; // TASKS_STOP
    awake = true;
}

/// COMPARE[0] every 10 ms: 16 MHz / 2^4, cleared by its own short.
void ticksStart() {
    ticks = 0;
    REGISTER(kTimer + 0x504) = 0;        // MODE: timer
    REGISTER(kTimer + 0x508) = 0;        // BITMODE: 16
    REGISTER(kTimer + 0x510) = 4;        // PRESCALER
    REGISTER(kTimer + 0x540) = 10'000;   // CC[0]
    REGISTER(kTimer + 0x200) = 1U;       // SHORTS: COMPARE0_CLEAR
    REGISTER(kTimer + 0x140) = 0;        // EVENTS_COMPARE[0]
    REGISTER(kTimer + 0x304) = 1U << 16; // INTENSET
    REGISTER(kTimer + 0x00C) = 1;        // TASKS_CLEAR
    enableIrq(kTimerIrq);
    REGISTER(kTimer + 0x000) = 1; // TASKS_START
}

void ticksStop() { REGISTER(kTimer + 0x004) = 1; } // TASKS_STOP

void wakeupPrepare() {
    REGISTER(kClock + 0x518) = kLowFrequencySource; // LFCLKSRC
    REGISTER(kClock + 0x104) = 0;                   // EVENTS_LFCLKSTARTED
    REGISTER(kClock + 0x008) = 1;                   // TASKS_LFCLKSTART
    waitSet(kClock + 0x104, 1U);
}

/// COMPARE[0] of the RTC after 250 ms.
void wakeupStart() {
    awake = false;
    REGISTER(kRtc + 0x508) = 0;          // PRESCALER: 32.768 kHz
    REGISTER(kRtc + 0x540) = 32'768 / 4; // CC[0]
    REGISTER(kRtc + 0x140) = 0;
    REGISTER(kRtc + 0x344) = 1U << 16; // EVTENSET
    REGISTER(kRtc + 0x304) = 1U << 16; // INTENSET
    REGISTER(kRtc + 0x008) = 1;        // TASKS_CLEAR
    enableIrq(kRtcIrq);
    REGISTER(kRtc + 0x000) = 1; // TASKS_START
}
