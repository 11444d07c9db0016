// SPDX-License-Identifier: GPL-2.0-or-later
// RP2040 of the Raspberry Pi Pico: UART0 by interrupt and by DMA, TIMER alarms for ticks and wake-up, ADC channel 0
// (GPIO26). Registers: RP2040 data sheet 2.5.7 (DMA), 4.6.5 (TIMER), 4.7.6 (WATCHDOG), 4.9.6 (ADC).
#include "bsp/board.h"
#include "devices/devices.h"
#include "devices/fixed.h"
#include "devices/interrupts.h"
#include "devices/pl011.h"

namespace {

constexpr std::uint32_t kClocks = 0x40008000, kResets = 0x4000C000, kUart0 = 0x40034000, kAdc = 0x4004C000,
                        kTimer = 0x40054000, kWatchdog = 0x40058000, kDma = 0x50000000;
constexpr std::uint32_t kClearAlias = 0x3000;
constexpr unsigned kDmaIrq = 11, kUartIrq = 20, kUartTxRequest = 20;

Pl011<kUart0> uart;

void leaveReset(std::uint32_t blocks) {
    REGISTER(kResets + kClearAlias) = blocks;
    waitEqual(kResets + 0x08, blocks, blocks);
}

/// The timer counts microseconds: the watchdog's tick divides the crystal by 12.
void startMicroseconds() {
    leaveReset(1U << 21);                      // TIMER
    REGISTER(kWatchdog + 0x2C) = 1U << 9 | 12; // TICK
}

} // namespace

extern "C" void IRQ20_Handler() { uart.interrupt(); } // UART0

extern "C" void IRQ11_Handler() // DMA_IRQ_0
{
    REGISTER(kDma + 0x40C) = 1U; // INTS0
    outgoing.left = 0;
}

extern "C" void IRQ0_Handler() // TIMER_IRQ_0
{
    REGISTER(kTimer + 0x34) = 1U;                               // INTR
    REGISTER(kTimer + 0x10) = REGISTER(kTimer + 0x10) + 10'000; // ALARM0
    ticks = ticks + 1;
}

extern "C" void IRQ1_Handler() // TIMER_IRQ_1
{
    REGISTER(kTimer + 0x34) = 2U;
    awake = true;
}

void uartInterruptSend(const char* text, std::size_t length) {
    enableIrq(kUartIrq);
    uart.send(text, length);
}

bool uartDmaSend(const char* text, std::size_t length) {
    leaveReset(1U << 2); // DMA
    outgoing.left = 1;
    REGISTER(kUart0 + 0x48) = 2U; // UARTDMACR: TXDMAE
    REGISTER(kDma + 0x404) = 1U;  // INTE0: channel 0
    enableIrq(kDmaIrq);
    REGISTER(kDma + 0x00) = reinterpret_cast<std::uintptr_t>(text); // READ_ADDR
    REGISTER(kDma + 0x04) = kUart0;                                 // WRITE_ADDR
    REGISTER(kDma + 0x08) = length;                                 // TRANS_COUNT
    REGISTER(kDma + 0x0C) = kUartTxRequest << 15 | 1U << 4 | 1U;    // CTRL_TRIG: TREQ, bytes, INCR_READ, EN
    return true;
}

void uartListen(char* buffer, std::size_t size) {
    enableIrq(kUartIrq);
    uart.listen(buffer, size);
}

void ticksStart() {
    ticks = 0;
    startMicroseconds();
    REGISTER(kTimer + 0x38) |= 1U; // INTE
    enableIrq(0);
    REGISTER(kTimer + 0x10) = REGISTER(kTimer + 0x28) + 10'000; // ALARM0 = TIMERAWL + 10 ms
}
void ticksStop() { REGISTER(kTimer + 0x20) = 1U; } // ARMED

void wakeupPrepare() { startMicroseconds(); }
void wakeupStart() {
    awake = false;
    REGISTER(kTimer + 0x38) |= 2U;
    enableIrq(1);
    REGISTER(kTimer + 0x14) = REGISTER(kTimer + 0x28) + 250'000; // ALARM1
}

void sensorStart() {
    REGISTER(kClocks + 0x60) = 1U << 11 | 3U << 5; // CLK_ADC_CTRL: ENABLE, AUXSRC = XOSC
    leaveReset(1U << 0);                           // ADC
    REGISTER(kAdc + 0x00) = 1U;                    // CS: EN, AINSEL 0
    waitSet(kAdc + 0x00, 1U << 8);                 // CS: READY
    print("sensor ADC\n");
}

void sensorPrint() {
    REGISTER(kAdc + 0x00) = 1U | 1U << 2; // CS: START_ONCE
    waitSet(kAdc + 0x00, 1U << 8);
    print("voltage ");
    printFixed(static_cast<std::int32_t>((REGISTER(kAdc + 0x04) * 3300 + 2048) / 4096), 3);
    print("\n");
}
