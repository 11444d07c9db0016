// SPDX-License-Identifier: GPL-2.0-or-later
// STM32L053 on the Nucleo-64: 16 MHz from HSI16, console on USART2 (ST-LINK VCP).
// Registers: RM0367. FLASH 3.7, PWR 6.4, RCC 7.3, GPIO 9.4, USART 29.8.
#include "bsp/board.h"
#include "bsp/stm32.h"

namespace {

constexpr std::uint32_t kPwr = 0x40007000;
constexpr std::uint32_t kRcc = 0x40021000;
constexpr std::uint32_t kGpioA = 0x50000000;
constexpr std::uint32_t kUsart2 = 0x40004400;
constexpr std::uint32_t kClockHz = 16'000'000;

void startClock() {
    // RM0367 3.3.3, table 13: range 1 takes 16 MHz with no wait state, range 2 (after reset) needs one.
    REGISTER(kRcc + 0x38) |= 1U << 28; // APB1ENR: PWREN
    (void)REGISTER(kRcc + 0x38);
    waitClear(kPwr + 0x04, 1U << 4);         // CSR: VOSF
    modify(kPwr + 0x00, 3U << 11, 1U << 11); // CR: VOS = range 1
    waitClear(kPwr + 0x04, 1U << 4);

    REGISTER(kRcc + 0x00) |= 1U << 0; // CR: HSI16ON
    waitSet(kRcc + 0x00, 1U << 2);    // CR: HSI16RDYF
    modify(kRcc + 0x0C, 3U, 1U);      // CFGR: SW = HSI16
    waitEqual(kRcc + 0x0C, 0xC, 0x4);
}

} // namespace

void boardInit() {
    startClock();
    REGISTER(kRcc + 0x2C) |= 1U << 0;  // IOPENR: IOPAEN
    REGISTER(kRcc + 0x38) |= 1U << 17; // APB1ENR: USART2EN
    (void)REGISTER(kRcc + 0x38);
    gpioAlternate(kGpioA, 2, 4); // UM1724 6.8, DS10152 table 16: PA2 TX, PA3 RX, AF4
    gpioAlternate(kGpioA, 3, 4);
    usartStart(kUsart2, usartBrr(kClockHz));
}

std::uint32_t boardClockHz() { return kClockHz; }

void consoleWrite(const char* text, std::size_t length) {
    for (std::size_t index = 0; index < length; ++index) {
        usartSend(kUsart2, text[index]);
    }
}

void consoleFlush() { usartFlush(kUsart2); }
