// SPDX-License-Identifier: GPL-2.0-or-later
// nRF51822 on the BBC micro:bit (first version): 16 MHz from HFXO, console on UART0 (P0.24, P0.25).
// Registers: nRF51 Series Reference Manual 3.0. CLOCK 13.1, GPIO 14.2, UART 29.10.
#include "bsp/board.h"
#include "bsp/cortex_m.h"

namespace {

constexpr std::uint32_t kClock = 0x40000000;
constexpr std::uint32_t kUart0 = 0x40002000;
constexpr std::uint32_t kGpio = 0x50000000;
constexpr std::uint32_t kClockHz = 16'000'000;

} // namespace

void boardInit() {
    REGISTER(kClock + 0x100) = 0; // EVENTS_HFCLKSTARTED
    REGISTER(kClock + 0x000) = 1; // TASKS_HFCLKSTART
    waitSet(kClock + 0x100, 1U);

    REGISTER(kGpio + 0x508) = 1U << 24;    // OUTSET: idle level of TX
    REGISTER(kGpio + 0x518) = 1U << 24;    // DIRSET
    REGISTER(kUart0 + 0x50C) = 24;         // PSELTXD
    REGISTER(kUart0 + 0x514) = 25;         // PSELRXD
    REGISTER(kUart0 + 0x524) = 0x01D7E000; // BAUDRATE: 115200
    REGISTER(kUart0 + 0x56C) = 0;          // CONFIG
    REGISTER(kUart0 + 0x500) = 4;          // ENABLE
    REGISTER(kUart0 + 0x008) = 1;          // TASKS_STARTTX
}

std::uint32_t boardClockHz() { return kClockHz; }

void consoleWrite(const char* text, std::size_t length) {
    for (std::size_t index = 0; index < length; ++index) {
        REGISTER(kUart0 + 0x11C) = 0; // EVENTS_TXDRDY
        REGISTER(kUart0 + 0x51C) = static_cast<std::uint8_t>(text[index]);
        waitSet(kUart0 + 0x11C, 1U); // the byte has left
    }
}

void consoleFlush() {}
