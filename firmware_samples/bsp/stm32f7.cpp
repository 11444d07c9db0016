// SPDX-License-Identifier: GPL-2.0-or-later
// STM32F746 on its discovery board: 216 MHz from the 25 MHz HSE, L1 caches on, console on USART1 (ST-LINK VCP).
// Registers: RM0385. PWR 4.4, RCC 5.3, FLASH 3.7, GPIO 6.4, USART 31.8.
#include "bsp/board.h"
#include "bsp/stm32.h"

namespace {

constexpr std::uint32_t kPwr = 0x40007000;
constexpr std::uint32_t kGpioA = 0x40020000;
constexpr std::uint32_t kGpioB = 0x40020400;
constexpr std::uint32_t kRcc = 0x40023800;
constexpr std::uint32_t kFlash = 0x40023C00;
constexpr std::uint32_t kUsart1 = 0x40011000;
constexpr std::uint32_t kClockHz = 216'000'000;

void startClock() {
    REGISTER(kRcc + 0x40) |= 1U << 28; // APB1ENR: PWREN
    (void)REGISTER(kRcc + 0x40);
    modify(kPwr + 0x00, 3U << 14, 3U << 14); // CR1: VOS = scale 1

    REGISTER(kRcc + 0x00) |= 1U << 16; // CR: HSEON
    waitSet(kRcc + 0x00, 1U << 17);    // CR: HSERDY

    // VCO = 25 MHz / 25 * 432 = 432 MHz; P = 2: 216 MHz; Q = 9: 48 MHz (RM0385 5.3.2).
    REGISTER(kRcc + 0x04) = 25U | 432U << 6 | 0U << 16 | 1U << 22 | 9U << 24; // PLLCFGR: M, N, P, SRC = HSE, Q
    REGISTER(kRcc + 0x00) |= 1U << 24;                                        // CR: PLLON

    // RM0385 4.1.4, entering over-drive: needed above 180 MHz.
    REGISTER(kPwr + 0x00) |= 1U << 16; // CR1: ODEN
    waitSet(kPwr + 0x04, 1U << 16);    // CSR1: ODRDY
    REGISTER(kPwr + 0x00) |= 1U << 17; // CR1: ODSWEN
    waitSet(kPwr + 0x04, 1U << 17);    // CSR1: ODSWRDY

    // RM0385 3.3.2, table 5: 7 wait states from 210 to 216 MHz; prefetch and ART serve the ITCM interface.
    REGISTER(kFlash + 0x00) = 7U | 1U << 8 | 1U << 9; // ACR: LATENCY, PRFTEN, ARTEN
    waitEqual(kFlash + 0x00, 0xF, 7);

    modify(kRcc + 0x08, 0xFCF0, 5U << 10 | 4U << 13); // CFGR: HPRE 1, PPRE1 4 (54 MHz), PPRE2 2 (108 MHz)
    waitSet(kRcc + 0x00, 1U << 25);                   // CR: PLLRDY
    modify(kRcc + 0x08, 3U, 2U);                      // CFGR: SW = PLL
    waitEqual(kRcc + 0x08, 0xC, 0x8);
}

} // namespace

void boardInit() {
    enableCaches();
    startClock();
    REGISTER(kRcc + 0x30) |= 3U;      // AHB1ENR: GPIOAEN, GPIOBEN
    REGISTER(kRcc + 0x44) |= 1U << 4; // APB2ENR: USART1EN
    (void)REGISTER(kRcc + 0x44);
    gpioAlternate(kGpioA, 9, 7); // UM1907 6.13: PA9 TX, PB7 RX, AF7
    gpioAlternate(kGpioB, 7, 7);
    usartStart(kUsart1, usartBrr(kClockHz / 2));
}

std::uint32_t boardClockHz() { return kClockHz; }

void consoleWrite(const char* text, std::size_t length) {
    for (std::size_t index = 0; index < length; ++index) {
        usartSend(kUsart1, text[index]);
    }
}

void consoleFlush() { usartFlush(kUsart1); }
