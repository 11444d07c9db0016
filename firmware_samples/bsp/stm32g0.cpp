// SPDX-License-Identifier: GPL-2.0-or-later
// STM32G0B1 on the Nucleo-64: 64 MHz from HSI16 through the PLL, console on USART2 (ST-LINK VCP).
// Registers: RM0444. FLASH 3.7, RCC 5.4, GPIO 7.4, USART 33.8.
#include "bsp/board.h"
#include "bsp/stm32.h"

namespace {

constexpr std::uint32_t kRcc = 0x40021000;
constexpr std::uint32_t kFlash = 0x40022000;
constexpr std::uint32_t kGpioA = 0x50000000;
constexpr std::uint32_t kUsart2 = 0x40004400;
constexpr std::uint32_t kClockHz = 64'000'000;

void startClock() {
    // RM0444 3.3.4, table 13: range 1, 48 to 64 MHz: 2 wait states. Prefetch and instruction cache on.
    modify(kFlash + 0x00, 0x7, 2U | 1U << 8 | 1U << 9); // ACR: LATENCY, PRFTEN, ICEN
    waitEqual(kFlash + 0x00, 0x7, 2);

    waitSet(kRcc + 0x00, 1U << 10);       // CR: HSIRDY
    REGISTER(kRcc + 0x00) &= ~(1U << 24); // CR: PLLON
    waitClear(kRcc + 0x00, 1U << 25);
    // VCO = 16 MHz / 1 * 8 = 128 MHz, R = 2: 64 MHz (RM0444 5.4.4).
    REGISTER(kRcc + 0x0C) = 2U | 0U << 4 | 8U << 8 | 1U << 28 | 1U << 29; // PLLCFGR: HSI16, M, N, REN, R
    REGISTER(kRcc + 0x00) |= 1U << 24;
    waitSet(kRcc + 0x00, 1U << 25); // CR: PLLRDY
    modify(kRcc + 0x08, 7U, 2U);    // CFGR: SW = PLLRCLK
    waitEqual(kRcc + 0x08, 7U << 3, 2U << 3);
}

} // namespace

void boardInit() {
    startClock();
    REGISTER(kRcc + 0x34) |= 1U << 0;  // IOPENR: GPIOAEN
    REGISTER(kRcc + 0x3C) |= 1U << 17; // APBENR1: USART2EN
    (void)REGISTER(kRcc + 0x3C);
    gpioAlternate(kGpioA, 2, 1); // UM2324 6.9: PA2 TX, PA3 RX, AF1
    gpioAlternate(kGpioA, 3, 1);
    usartStart(kUsart2, usartBrr(kClockHz));
}

std::uint32_t boardClockHz() { return kClockHz; }

void consoleWrite(const char* text, std::size_t length) {
    for (std::size_t index = 0; index < length; ++index) {
        usartSend(kUsart2, text[index]);
    }
}

void consoleFlush() { usartFlush(kUsart2); }
