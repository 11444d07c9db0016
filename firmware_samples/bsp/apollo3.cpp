// SPDX-License-Identifier: GPL-2.0-or-later
// Apollo3 Blue on the SparkFun Edge: 48 MHz from HFRC, flash cache on, console on UART0 (pads 48 and 49).
// Registers: Apollo3 Blue datasheet. Cache 4.3, clock generator 8.3, power 5.3, GPIO 11.7, UART 12.6.
#include "bsp/board.h"
#include "bsp/cortex_m.h"

namespace {

constexpr std::uint32_t kClkgen = 0x40004000;
constexpr std::uint32_t kGpio = 0x40010000;
constexpr std::uint32_t kCachectrl = 0x40018000;
constexpr std::uint32_t kUart0 = 0x4001C000;
constexpr std::uint32_t kPwrctrl = 0x40021000;
constexpr std::uint32_t kClockHz = 48'000'000;

void startClock() {
    REGISTER(kClkgen + 0x14) = 0x47; // CLKKEY
    REGISTER(kClkgen + 0x18) = 0;    // CCTRL: CORESEL = HFRC, not halved
    REGISTER(kClkgen + 0x14) = 0;
    // CACHECFG: CONFIG = two ways of 512 lines of 128 bits, instructions and data, LRU off, clock gating on.
    REGISTER(kCachectrl + 0x00) = 5U << 4 | 1U << 8 | 1U << 9 | 1U << 10 | 1U << 20;
    REGISTER(kCachectrl + 0x00) |= 1U; // ENABLE
}

} // namespace

void boardInit() {
    startClock();
    REGISTER(kPwrctrl + 0x08) |= 1U << 7; // DEVPWREN: PWRUART0
    waitSet(kPwrctrl + 0x18, 1U << 2);    // DEVPWRSTATUS: HCPA
    REGISTER(kGpio + 0x60) = 0x73;        // PADKEY
    // PADREGM: pad 48 UART0 TX (function 0), pad 49 UART0 RX (function 0) with its input on.
    modify(kGpio + 0x30, 0xFFFF, 0U << 3 | 0U << 11 | 1U << 9);
    REGISTER(kGpio + 0x60) = 0;
    // 24 MHz / (16 * 115200) = 13.02: 13 + 1/64.
    REGISTER(kUart0 + 0x30) = 1U << 3 | 1U << 4;       // CR: CLKEN, CLKSEL = 24 MHz
    REGISTER(kUart0 + 0x24) = 13U;                     // IBRD
    REGISTER(kUart0 + 0x28) = 1U;                      // FBRD
    REGISTER(kUart0 + 0x2C) = 3U << 5 | 1U << 4;       // LCRH: WLEN 8, FEN
    REGISTER(kUart0 + 0x30) |= 1U | 1U << 8 | 1U << 9; // CR: UARTEN, TXE, RXE
}

std::uint32_t boardClockHz() { return kClockHz; }

void consoleWrite(const char* text, std::size_t length) {
    for (std::size_t index = 0; index < length; ++index) {
        waitClear(kUart0 + 0x18, 1U << 5); // FR: TXFF
        REGISTER(kUart0 + 0x00) = static_cast<std::uint8_t>(text[index]);
    }
}

void consoleFlush() {
    if ((REGISTER(kPwrctrl + 0x08) & (1U << 7)) != 0) { // DEVPWREN: PWRUART0
        waitClear(kUart0 + 0x18, 1U << 3);              // FR: BUSY
    }
}
