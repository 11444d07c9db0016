// SPDX-License-Identifier: GPL-2.0-or-later
// A clock, a voltage range and wait states at which an inference takes least energy, instead of the board's own: MSI at
// 4 MHz in range 3 of an STM32L0, at 16 MHz with one wait state in range 2 of an STM32L4+.
//   SIMPROF_SLOW_CLOCK   0: STM32L0 (RM0367: PWR 6.4, RCC 7.3, USART 29.8), 4: STM32L4+ (RM0432: PWR 5.4, FLASH 3.7,
//   RCC 6.4)
#pragma once
#include "bsp/board.h"
#include "bsp/stm32.h"

namespace simprof::networks {

/// What the UART divides by belongs to the clock.
inline void setBaud(std::uint32_t uart, std::uint32_t divider) {
    REGISTER(uart + 0x00) &= ~1U; // CR1: UE
    REGISTER(uart + 0x0C) = divider;
    REGISTER(uart + 0x00) |= 1U;
}

/// From the board's own clock, when nothing was printed yet.
inline void slowDown() {
    constexpr std::uint32_t kPwr = 0x40007000, kRcc = 0x40021000;
#if SIMPROF_SLOW_CLOCK == 0
    modify(kRcc + 0x04, 7U << 13, 6U << 13); // ICSCR: MSIRANGE = 4.194304 MHz
    REGISTER(kRcc + 0x00) |= 1U << 8;        // CR: MSION
    waitSet(kRcc + 0x00, 1U << 9);           // CR: MSIRDY
    modify(kRcc + 0x0C, 3U, 0);              // CFGR: SW = MSI
    waitEqual(kRcc + 0x0C, 0xC, 0);
    modify(kPwr + 0x00, 3U << 11, 3U << 11); // CR: VOS = range 3
    waitClear(kPwr + 0x04, 1U << 4);         // CSR: VOSF
    setBaud(0x40004400, 4'194'304 / 115'200);
#else
    modify(kRcc + 0x08, 3U, 0); // CFGR: SW = MSI
    waitEqual(kRcc + 0x08, 0xC, 0);
    REGISTER(kRcc + 0x00) &= ~(1U << 24); // CR: PLLON, the PLL runs on MSI
    waitClear(kRcc + 0x00, 1U << 25);
    modify(0x40022000, 0xF, 1);                        // ACR: one wait state
    waitSet(kRcc + 0x00, 1U << 1);                     // CR: MSIRDY
    modify(kRcc + 0x00, 0xFU << 4, 8U << 4 | 1U << 3); // CR: MSIRANGE = 16 MHz, MSIRGSEL
    modify(kPwr + 0x00, 3U << 9, 2U << 9);             // CR1: VOS = range 2
    waitClear(kPwr + 0x14, 1U << 10);                  // SR2: VOSF
    setBaud(0x40008000, 256ULL * 16'000'000 / 115'200);
#endif
}

} // namespace simprof::networks
