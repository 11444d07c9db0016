// SPDX-License-Identifier: GPL-2.0-or-later
// TIMER and RTC, which nRF51 and nRF52 share: nRF51 series reference manual v3.0, 13, 18 and 19; nRF52840 PS
// v1.7, 5.4, 6.30 and 6.22.
#pragma once

#include "bsp/cortex_m.h"

namespace nrf {

inline constexpr std::uint32_t kClock = 0x40000000, kUart = 0x40002000, kTwi = 0x40003000, kTimer = 0x40008000,
                               kRtc = 0x4000B000;
inline constexpr unsigned kUartIrq = 2, kTimerIrq = 8, kRtcIrq = 11;

inline void enableIrq(unsigned irq) { NVIC_ISER(irq / 32) = 1U << (irq % 32); }

/// COMPARE[0] every 10 ms: 16 MHz / 2^4, cleared by its own short.
inline void startTimer() {
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

inline void clearEvent(std::uint32_t event) {
    REGISTER(event) = 0;
    (void)REGISTER(event); // the store is through before the interrupt returns
}

/// Waits for the low-frequency clock from `source` (0 RC, 1 crystal, 2 from the high-frequency clock).
inline void startLowFrequency(unsigned source) {
    REGISTER(kClock + 0x518) = source; // LFCLKSRC
    REGISTER(kClock + 0x104) = 0;      // EVENTS_LFCLKSTARTED
    REGISTER(kClock + 0x008) = 1;      // TASKS_LFCLKSTART
    waitSet(kClock + 0x104, 1U);
}

/// COMPARE[0] of the RTC after 250 ms.
inline void startRtc() {
    REGISTER(kRtc + 0x508) = 0;          // PRESCALER: 32.768 kHz
    REGISTER(kRtc + 0x540) = 32'768 / 4; // CC[0]
    REGISTER(kRtc + 0x140) = 0;
    REGISTER(kRtc + 0x344) = 1U << 16; // EVTENSET
    REGISTER(kRtc + 0x304) = 1U << 16; // INTENSET
    REGISTER(kRtc + 0x008) = 1;        // TASKS_CLEAR
    enableIrq(kRtcIrq);
    REGISTER(kRtc + 0x000) = 1; // TASKS_START
}

} // namespace nrf
