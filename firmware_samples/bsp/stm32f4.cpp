// SPDX-License-Identifier: GPL-2.0-or-later
// STM32F407 on its discovery board: 168 MHz from the 8 MHz HSE, flash accelerator on, console on USART2 (PA2, PA3).
// Registers: RM0090. FLASH 3.9, PWR 5.4, RCC 7.3, GPIO 8.4, USART 30.6.
#include "bsp/board.h"
#include "bsp/stm32.h"

namespace {

constexpr std::uint32_t kPwr = 0x40007000;
constexpr std::uint32_t kGpioA = 0x40020000;
constexpr std::uint32_t kRcc = 0x40023800;
constexpr std::uint32_t kFlash = 0x40023C00;
constexpr std::uint32_t kUsart2 = 0x40004400;
constexpr std::uint32_t kClockHz = 168'000'000;

void startClock() {
    REGISTER(kRcc + 0x40) |= 1U << 28; // APB1ENR: PWREN
    (void)REGISTER(kRcc + 0x40);
    REGISTER(kPwr + 0x00) |= 1U << 14; // CR: VOS = scale 1

    REGISTER(kRcc + 0x00) |= 1U << 16; // CR: HSEON
    waitSet(kRcc + 0x00, 1U << 17);    // CR: HSERDY

    // VCO = 8 MHz / 8 * 336 = 336 MHz; P = 2: 168 MHz; Q = 7: 48 MHz (RM0090 7.3.2).
    REGISTER(kRcc + 0x04) = 8U | 336U << 6 | 0U << 16 | 1U << 22 | 7U << 24; // PLLCFGR: M, N, P, SRC = HSE, Q
    REGISTER(kRcc + 0x00) |= 1U << 24;                                       // CR: PLLON

    // RM0090 3.5.1, table 10: 5 wait states from 150 to 168 MHz at 2.7 to 3.6 V.
    REGISTER(kFlash + 0x00) = 5U | 1U << 8 | 1U << 9 | 1U << 10; // ACR: LATENCY, PRFTEN, ICEN, DCEN
    waitEqual(kFlash + 0x00, 7, 5);

    modify(kRcc + 0x08, 0xFCF0, 5U << 10 | 4U << 13); // CFGR: HPRE 1, PPRE1 4 (42 MHz), PPRE2 2 (84 MHz)
    waitSet(kRcc + 0x00, 1U << 25);                   // CR: PLLRDY
    modify(kRcc + 0x08, 3U, 2U);                      // CFGR: SW = PLL
    waitEqual(kRcc + 0x08, 0xC, 0x8);
}

} // namespace

void boardInit() {
    startClock();
    REGISTER(kRcc + 0x30) |= 1U << 0;  // AHB1ENR: GPIOAEN
    REGISTER(kRcc + 0x40) |= 1U << 17; // APB1ENR: USART2EN
    (void)REGISTER(kRcc + 0x40);
    gpioAlternate(kGpioA, 2, 7); // DS8626 table 9: PA2 TX, PA3 RX, AF7
    gpioAlternate(kGpioA, 3, 7);
    REGISTER(kUsart2 + 0x08) = usartBrr(kClockHz / 4);       // BRR
    REGISTER(kUsart2 + 0x0C) = 1U << 13 | 1U << 3 | 1U << 2; // CR1: UE, TE, RE
}

std::uint32_t boardClockHz() { return kClockHz; }

void consoleWrite(const char* text, std::size_t length) {
    for (std::size_t index = 0; index < length; ++index) {
        waitSet(kUsart2 + 0x00, 1U << 7); // SR: TXE
        REGISTER(kUsart2 + 0x04) = static_cast<std::uint8_t>(text[index]);
    }
}

void consoleFlush() {
    if ((REGISTER(kUsart2 + 0x0C) & (1U << 13)) != 0) { // CR1: UE
        waitSet(kUsart2 + 0x00, 1U << 6);               // SR: TC
    }
}
