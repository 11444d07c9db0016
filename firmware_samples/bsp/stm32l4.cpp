// SPDX-License-Identifier: GPL-2.0-or-later
// STM32L4R5 on the Nucleo-144: 120 MHz from MSI through the PLL, console on LPUART1 (ST-LINK VCP).
// Registers: RM0432. PWR 5.4, FLASH 3.7, RCC 6.4, GPIO 8.4, LPUART 52.7.
#include "bsp/board.h"
#include "bsp/stm32.h"

namespace {

constexpr std::uint32_t kPwr = 0x40007000;
constexpr std::uint32_t kRcc = 0x40021000;
constexpr std::uint32_t kFlash = 0x40022000;
constexpr std::uint32_t kGpioG = 0x48001800;
constexpr std::uint32_t kLpuart1 = 0x40008000;
constexpr std::uint32_t kClockHz = 120'000'000;

void startClock() {
    REGISTER(kRcc + 0x58) |= 1U << 28; // APB1ENR1: PWREN
    // RM0432 5.1.8: range 1 boost is needed above 80 MHz and entered with the AHB divided by 2.
    modify(kPwr + 0x00, 3U << 9, 1U << 9);   // CR1: VOS = range 1
    waitClear(kPwr + 0x14, 1U << 10);        // SR2: VOSF
    modify(kRcc + 0x08, 0xFU << 4, 8U << 4); // CFGR: HPRE = 2
    REGISTER(kPwr + 0x80) &= ~(1U << 8);     // CR5: R1MODE = boost

    // RM0432 3.3.3, table 12: 5 wait states from 100 to 120 MHz; instruction and data cache, prefetch.
    modify(kFlash + 0x00, 0xF, 5U | 1U << 8 | 1U << 9 | 1U << 10);
    waitEqual(kFlash + 0x00, 0xF, 5);

    // MSI 4 MHz after reset: VCO = 4 MHz / 1 * 60, R = 2.
    waitSet(kRcc + 0x00, 1U << 1);        // CR: MSIRDY
    REGISTER(kRcc + 0x00) &= ~(1U << 24); // CR: PLLON
    waitClear(kRcc + 0x00, 1U << 25);
    REGISTER(kRcc + 0x0C) = 1U | 0U << 4 | 60U << 8 | 0U << 25 | 1U << 24; // PLLCFGR: MSI, M, N, R, REN
    REGISTER(kRcc + 0x00) |= 1U << 24;
    waitSet(kRcc + 0x00, 1U << 25); // CR: PLLRDY
    modify(kRcc + 0x08, 3U, 3U);    // CFGR: SW = PLL
    waitEqual(kRcc + 0x08, 0xC, 0xC);
    // At least 1 us at the divided clock before full speed (60 MHz: 60 cycles).
    spinCycles(60);
    modify(kRcc + 0x08, 0xFU << 4, 0); // CFGR: HPRE = 1
}

} // namespace

void boardInit() {
    startClock();
    REGISTER(kPwr + 0x04) |= 1U << 9; // CR2: IOSV, port G has its own supply
    REGISTER(kRcc + 0x4C) |= 1U << 6; // AHB2ENR: GPIOGEN
    REGISTER(kRcc + 0x5C) |= 1U << 0; // APB1ENR2: LPUART1EN
    (void)REGISTER(kRcc + 0x5C);
    gpioAlternate(kGpioG, 7, 8); // UM2179 6.10: PG7 and PG8, AF8
    gpioAlternate(kGpioG, 8, 8);
    usartStart(kLpuart1, static_cast<std::uint32_t>((256ULL * kClockHz + 57'600) / 115'200)); // RM0432 52.4.7
}

std::uint32_t boardClockHz() { return kClockHz; }

void consoleWrite(const char* text, std::size_t length) {
    for (std::size_t index = 0; index < length; ++index) {
        usartSend(kLpuart1, text[index]);
    }
}

void consoleFlush() { usartFlush(kLpuart1); }
