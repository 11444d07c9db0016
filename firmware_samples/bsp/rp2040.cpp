// SPDX-License-Identifier: GPL-2.0-or-later
// RP2040 on the Raspberry Pi Pico: 133 MHz from the 12 MHz crystal through PLL_SYS, console on UART0 (GP0, GP1).
// Registers: RP2040 datasheet. Resets 2.14, clocks 2.15, XOSC 2.16, PLL 2.18, IO bank 2.19, UART 4.2.
#include "bsp/board.h"
#include "bsp/cortex_m.h"

namespace {

constexpr std::uint32_t kClocks = 0x40008000;
constexpr std::uint32_t kResets = 0x4000C000;
constexpr std::uint32_t kIoBank0 = 0x40014000;
constexpr std::uint32_t kXosc = 0x40024000;
constexpr std::uint32_t kPllSys = 0x40028000;
constexpr std::uint32_t kUart0 = 0x40034000;
constexpr std::uint32_t kClearAlias = 0x3000; // datasheet 2.1.2: writes of ones clear bits
constexpr std::uint32_t kClockHz = 133'000'000;

void leaveReset(std::uint32_t blocks) {
    REGISTER(kResets + kClearAlias) = blocks;  // RESET
    waitEqual(kResets + 0x08, blocks, blocks); // RESET_DONE
}

void startClock() {
    // Datasheet 2.16.3: start-up delay of 1 ms in units of 256 crystal periods, rounded up.
    REGISTER(kXosc + 0x0C) = (12'000 + 255) / 256; // STARTUP
    REGISTER(kXosc + 0x00) = 0xFAB << 12 | 0xAA0;  // CTRL: ENABLE, 1 to 15 MHz
    waitSet(kXosc + 0x04, 1U << 31);               // STATUS: STABLE

    // Datasheet 2.15.3.2: leave the auxiliary input of clk_sys before its source changes.
    REGISTER(kClocks + kClearAlias + 0x3C) = 1U; // CLK_SYS_CTRL: SRC = clk_ref
    waitEqual(kClocks + 0x44, 0xF, 1U);          // CLK_SYS_SELECTED
    REGISTER(kClocks + 0x30) = 2U;               // CLK_REF_CTRL: SRC = XOSC
    waitEqual(kClocks + 0x38, 0xF, 1U << 2);     // CLK_REF_SELECTED

    // 12 MHz * 133 = 1596 MHz, / 6 / 2 = 133 MHz (datasheet 2.18.2).
    leaveReset(1U << 12);                                  // PLL_SYS
    REGISTER(kPllSys + 0x00) = 1U;                         // CS: REFDIV
    REGISTER(kPllSys + 0x08) = 133U;                       // FBDIV_INT
    REGISTER(kPllSys + kClearAlias + 0x04) = 1U | 1U << 5; // PWR: PD, VCOPD
    waitSet(kPllSys + 0x00, 1U << 31);                     // CS: LOCK
    REGISTER(kPllSys + 0x0C) = 6U << 16 | 2U << 12;        // PRIM: POSTDIV1, POSTDIV2
    REGISTER(kPllSys + kClearAlias + 0x04) = 1U << 3;      // PWR: POSTDIVPD

    REGISTER(kClocks + 0x3C) = 0U << 5;      // CLK_SYS_CTRL: AUXSRC = PLL_SYS
    REGISTER(kClocks + 0x3C) = 1U;           // CLK_SYS_CTRL: SRC = AUX
    waitEqual(kClocks + 0x44, 0xF, 1U << 1); // CLK_SYS_SELECTED
    REGISTER(kClocks + 0x48) = 1U << 11;     // CLK_PERI_CTRL: ENABLE, AUXSRC = clk_sys
}

} // namespace

void boardInit() {
    startClock();
    leaveReset(1U << 5 | 1U << 8 | 1U << 22); // IO_BANK0, PADS_BANK0, UART0
    REGISTER(kIoBank0 + 0x04) = 2U;           // GPIO0_CTRL: FUNCSEL = UART0 TX
    REGISTER(kIoBank0 + 0x0C) = 2U;           // GPIO1_CTRL: FUNCSEL = UART0 RX
    // 133 MHz / (16 * 115200) = 72.157: 72 + 10/64 (datasheet 4.2.7.1).
    REGISTER(kUart0 + 0x24) = 72U;                    // UARTIBRD
    REGISTER(kUart0 + 0x28) = 10U;                    // UARTFBRD
    REGISTER(kUart0 + 0x2C) = 3U << 5 | 1U << 4;      // UARTLCR_H: WLEN 8, FEN
    REGISTER(kUart0 + 0x30) = 1U | 1U << 8 | 1U << 9; // UARTCR: UARTEN, TXE, RXE
}

std::uint32_t boardClockHz() { return kClockHz; }

void consoleWrite(const char* text, std::size_t length) {
    for (std::size_t index = 0; index < length; ++index) {
        waitClear(kUart0 + 0x18, 1U << 5); // UARTFR: TXFF
        REGISTER(kUart0 + 0x00) = static_cast<std::uint8_t>(text[index]);
    }
}

void consoleFlush() {
    // A block in reset does not answer; UART0 has left it only after boardInit().
    if ((REGISTER(kResets + 0x08) & (1U << 22)) != 0) {
        waitClear(kUart0 + 0x18, 1U << 3); // UARTFR: BUSY
    }
}
