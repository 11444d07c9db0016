// SPDX-License-Identifier: GPL-2.0-or-later
// STM32H7A3ZI-Q on the Nucleo-144: 280 MHz from HSI through PLL1, SMPS supply, L1 caches on, console on USART3.
// Registers: RM0455. PWR 6.8, RCC 8.7, FLASH 4.9, GPIO 11.4, USART 51.8.
#include "bsp/board.h"
#include "bsp/stm32.h"

namespace {

constexpr std::uint32_t kFlash = 0x52002000;
constexpr std::uint32_t kGpioD = 0x58020C00;
constexpr std::uint32_t kRcc = 0x58024400;
constexpr std::uint32_t kPwr = 0x58024800;
constexpr std::uint32_t kUsart3 = 0x40004800;
constexpr std::uint32_t kClockHz = 280'000'000;

void startClock() {
    // RM0455 6.4.1: the supply is chosen once after power-on; the -Q package on this board is fed by its SMPS.
    modify(kPwr + 0x0C, 7U, 4U);             // CR3: SMPSEN, no LDO, no bypass
    waitSet(kPwr + 0x04, 1U << 13);          // CSR1: ACTVOSRDY
    modify(kPwr + 0x18, 3U << 14, 3U << 14); // SRDCR: VOS = scale 0
    waitSet(kPwr + 0x18, 1U << 13);          // SRDCR: VOSRDY

    waitSet(kRcc + 0x00, 1U << 2);        // CR: HSIRDY, 64 MHz after reset
    REGISTER(kRcc + 0x00) &= ~(1U << 24); // CR: PLL1ON
    waitClear(kRcc + 0x00, 1U << 25);
    // 64 MHz / 12 = 5.33 MHz, * 105 = 560 MHz, P = 2: 280 MHz (RM0455 8.5.5).
    modify(kRcc + 0x28, 0x3F3, 0U | 12U << 4);        // PLLCKSELR: HSI, DIVM1
    modify(kRcc + 0x2C, 0x7000F, 2U << 2 | 1U << 16); // PLLCFGR: RGE 4..8 MHz, wide VCO, P
    REGISTER(kRcc + 0x30) = (105U - 1) | (2U - 1) << 9 | (4U - 1) << 16 | (2U - 1) << 24; // PLL1DIVR: N, P, Q, R
    REGISTER(kRcc + 0x00) |= 1U << 24;
    waitSet(kRcc + 0x00, 1U << 25); // CR: PLL1RDY

    // RM0455 4.3.8, table 16: VOS0, 252 to 280 MHz: 6 wait states, programming delay 3.
    modify(kFlash + 0x00, 0x3F, 6U | 3U << 4); // ACR: LATENCY, WRHIGHFREQ
    waitEqual(kFlash + 0x00, 0x3F, 6U | 3U << 4);

    REGISTER(kRcc + 0x18) = 0U | 4U << 4 | 0U << 8; // CDCFGR1: HPRE 1, CDPPRE 2, CDCPRE 1
    REGISTER(kRcc + 0x1C) = 4U << 4 | 4U << 8;      // CDCFGR2: CDPPRE1 2, CDPPRE2 2 (140 MHz)
    REGISTER(kRcc + 0x20) = 4U << 4;                // SRDCFGR: SRDPPRE 2
    modify(kRcc + 0x10, 7U, 3U);                    // CFGR: SW = PLL1
    waitEqual(kRcc + 0x10, 7U << 3, 3U << 3);
}

} // namespace

void boardInit() {
    enableCaches();
    startClock();
    REGISTER(kRcc + 0xE0) |= 1U << 3;  // AHB4ENR: GPIODEN
    REGISTER(kRcc + 0xE8) |= 1U << 18; // APB1LENR: USART3EN
    (void)REGISTER(kRcc + 0xE8);
    gpioAlternate(kGpioD, 8, 7); // UM2408 6.9: PD8 TX, PD9 RX, AF7
    gpioAlternate(kGpioD, 9, 7);
    usartStart(kUsart3, usartBrr(kClockHz / 2));
}

std::uint32_t boardClockHz() { return kClockHz; }

void consoleWrite(const char* text, std::size_t length) {
    for (std::size_t index = 0; index < length; ++index) {
        usartSend(kUsart3, text[index]);
    }
}

void consoleFlush() { usartFlush(kUsart3); }
