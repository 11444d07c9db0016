// SPDX-License-Identifier: GPL-2.0-or-later
// STM32H747, Cortex-M7, on the Arduino Portenta H7: 480 MHz from HSI through PLL1, L1 caches on, console on USART1.
// Registers: RM0399. PWR 7.8, RCC 9.7, FLASH 4.9, SYSCFG 13.3, GPIO 12.4, USART 51.8.
#include "bsp/board.h"
#include "bsp/stm32.h"

namespace {

constexpr std::uint32_t kFlash = 0x52002000;
constexpr std::uint32_t kSyscfg = 0x58000400;
constexpr std::uint32_t kGpioA = 0x58020000;
constexpr std::uint32_t kRcc = 0x58024400;
constexpr std::uint32_t kPwr = 0x58024800;
constexpr std::uint32_t kUsart1 = 0x40011000;
constexpr std::uint32_t kClockHz = 480'000'000;

// The bootloader has chosen the supply (PWR_CR3 can be written once, RM0399 7.4.1) and may have left a PLL running.
void leaveBootloaderClock() {
    REGISTER(kRcc + 0x00) |= 1U << 0; // CR: HSION
    waitSet(kRcc + 0x00, 1U << 2);    // CR: HSIRDY
    modify(kRcc + 0x10, 7U, 0U);      // CFGR: SW = HSI
    waitEqual(kRcc + 0x10, 7U << 3, 0U);
    REGISTER(kRcc + 0x00) &= ~(1U << 24); // CR: PLL1ON
    waitClear(kRcc + 0x00, 1U << 25);
}

void startClock() {
    leaveBootloaderClock();
    waitSet(kPwr + 0x04, 1U << 13);          // CSR1: ACTVOSRDY
    modify(kPwr + 0x18, 3U << 14, 3U << 14); // D3CR: VOS = scale 1
    waitSet(kPwr + 0x18, 1U << 13);          // D3CR: VOSRDY
    // RM0399 7.6.2: VOS0 is VOS1 with the over-drive of SYSCFG.
    REGISTER(kRcc + 0xF4) |= 1U << 1; // APB4ENR: SYSCFGEN
    (void)REGISTER(kRcc + 0xF4);
    REGISTER(kSyscfg + 0x2C) |= 1U; // PWRCR: ODEN
    waitSet(kPwr + 0x18, 1U << 13);

    // 64 MHz / 5 = 12.8 MHz, * 75 = 960 MHz, P = 2: 480 MHz (RM0399 9.5.5).
    modify(kRcc + 0x28, 0x3F3, 0U | 5U << 4);         // PLLCKSELR: HSI, DIVM1
    modify(kRcc + 0x2C, 0x7000F, 3U << 2 | 1U << 16); // PLLCFGR: RGE 8..16 MHz, wide VCO, P
    REGISTER(kRcc + 0x30) = (75U - 1) | (2U - 1) << 9 | (4U - 1) << 16 | (2U - 1) << 24; // PLL1DIVR: N, P, Q, R
    REGISTER(kRcc + 0x00) |= 1U << 24;
    waitSet(kRcc + 0x00, 1U << 25); // CR: PLL1RDY

    // RM0399 4.3.8, table 17: VOS0, AXI clock of 225 to 240 MHz: 4 wait states, programming delay 2.
    modify(kFlash + 0x00, 0x3F, 4U | 2U << 4); // ACR: LATENCY, WRHIGHFREQ
    waitEqual(kFlash + 0x00, 0x3F, 4U | 2U << 4);

    REGISTER(kRcc + 0x18) = 8U | 4U << 4 | 0U << 8; // D1CFGR: HPRE 2 (240 MHz), D1PPRE 2 (120 MHz), D1CPRE 1
    REGISTER(kRcc + 0x1C) = 4U << 4 | 4U << 8;      // D2CFGR: D2PPRE1 2, D2PPRE2 2
    REGISTER(kRcc + 0x20) = 4U << 4;                // D3CFGR: D3PPRE 2
    modify(kRcc + 0x10, 7U, 3U);                    // CFGR: SW = PLL1
    waitEqual(kRcc + 0x10, 7U << 3, 3U << 3);
}

} // namespace

void boardInit() {
    enableCaches();
    startClock();
    REGISTER(kRcc + 0xE0) |= 1U << 0; // AHB4ENR: GPIOAEN
    REGISTER(kRcc + 0xF0) |= 1U << 4; // APB2ENR: USART1EN
    (void)REGISTER(kRcc + 0xF0);
    gpioAlternate(kGpioA, 9, 7); // ABX00042 pinout: D14 is PA9 (TX), D13 is PA10 (RX), AF7
    gpioAlternate(kGpioA, 10, 7);
    usartStart(kUsart1, usartBrr(kClockHz / 4));
}

std::uint32_t boardClockHz() { return kClockHz; }

void consoleWrite(const char* text, std::size_t length) {
    for (std::size_t index = 0; index < length; ++index) {
        usartSend(kUsart1, text[index]);
    }
}

void consoleFlush() { usartFlush(kUsart1); }
