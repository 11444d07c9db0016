// SPDX-License-Identifier: GPL-2.0-or-later
// nRF52840 on the Arduino Nano 33 BLE: 64 MHz from HFXO, instruction cache on, console on UARTE0 (P1.03, P1.10).
// Registers: nRF52840 Product Specification 1.7. NVMC 4.3, CLOCK 5.4, GPIO 6.9, UARTE 6.34.
#include "bsp/board.h"
#include "bsp/cortex_m.h"

namespace {

constexpr std::uint32_t kClock = 0x40000000;
constexpr std::uint32_t kUarte0 = 0x40002000;
constexpr std::uint32_t kNvmc = 0x4001E000;
constexpr std::uint32_t kPort1 = 0x50000300;
constexpr std::uint32_t kClockHz = 64'000'000;

// EasyDMA reads RAM only (PS 4.1.5): constants in flash pass through here.
char transmitBuffer[64];
bool isTransmitterStarted = false;

} // namespace

void boardInit() {
    REGISTER(kNvmc + 0x540) |= 1U; // ICACHECNF: CACHEEN
    REGISTER(kClock + 0x100) = 0;  // EVENTS_HFCLKSTARTED
    REGISTER(kClock + 0x000) = 1;  // TASKS_HFCLKSTART
    waitSet(kClock + 0x100, 1U);

    REGISTER(kPort1 + 0x508) = 1U << 3;       // OUTSET: idle level of TX
    REGISTER(kPort1 + 0x518) = 1U << 3;       // DIRSET
    REGISTER(kUarte0 + 0x50C) = 1U << 5 | 3;  // PSEL.TXD: P1.03
    REGISTER(kUarte0 + 0x514) = 1U << 5 | 10; // PSEL.RXD: P1.10
    REGISTER(kUarte0 + 0x524) = 0x01D60000;   // BAUDRATE: 115200
    REGISTER(kUarte0 + 0x56C) = 0;            // CONFIG: no parity, one stop bit
    REGISTER(kUarte0 + 0x500) = 8;            // ENABLE
}

std::uint32_t boardClockHz() { return kClockHz; }

void consoleWrite(const char* text, std::size_t length) {
    while (length != 0) {
        const std::size_t part = length < sizeof transmitBuffer ? length : sizeof transmitBuffer;
        for (std::size_t index = 0; index < part; ++index) {
            transmitBuffer[index] = text[index];
        }
        dataBarrier();
        REGISTER(kUarte0 + 0x120) = 0;                                                // EVENTS_ENDTX
        REGISTER(kUarte0 + 0x544) = reinterpret_cast<std::uintptr_t>(transmitBuffer); // TXD.PTR
        REGISTER(kUarte0 + 0x548) = part;                                             // TXD.MAXCNT
        REGISTER(kUarte0 + 0x008) = 1;                                                // TASKS_STARTTX
        isTransmitterStarted = true;
        waitSet(kUarte0 + 0x120, 1U);
        text += part;
        length -= part;
    }
}

void consoleFlush() {
    if (!isTransmitterStarted) {
        return;
    }
    isTransmitterStarted = false;
    REGISTER(kUarte0 + 0x158) = 0; // EVENTS_TXSTOPPED
    REGISTER(kUarte0 + 0x00C) = 1; // TASKS_STOPTX
    waitSet(kUarte0 + 0x158, 1U);
}
