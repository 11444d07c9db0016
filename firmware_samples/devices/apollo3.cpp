// SPDX-License-Identifier: GPL-2.0-or-later
// Apollo3 Blue of the SparkFun Edge: UART0 by interrupt (it has no DMA), the system timer for ticks (HFRC) and wake-up
// (crystal), ADC channel 3. Registers: Apollo3 Blue data sheet 13.3 (STIMER), 17.7 (ADC), 5.4 (CLKGEN).
#include "bsp/board.h"
#include "devices/devices.h"
#include "devices/fixed.h"
#include "devices/interrupts.h"
#include "devices/pl011.h"

namespace {

constexpr std::uint32_t kCtimer = 0x40008000, kUart0 = 0x4001C000, kPwrctrl = 0x40021000, kAdc = 0x50010000;
constexpr std::uint32_t kStcfg = kCtimer + 0x140, kScmpr0 = kCtimer + 0x150, kScmpr1 = kCtimer + 0x154,
                        kStminten = kCtimer + 0x300, kStmintclr = kCtimer + 0x308;
constexpr unsigned kUartIrq = 15, kCompareIrq = 23;
constexpr std::uint32_t kHfrcBy16 = 1, kCrystal = 3; ///< CLKSEL: 3 MHz, 32.768 kHz

Pl011<kUart0> uart;

} // namespace

extern "C" void IRQ15_Handler() { uart.interrupt(); } // UART0

extern "C" void IRQ23_Handler() // STIMER_CMPR0
{
    REGISTER(kStmintclr) = 1U;
    REGISTER(kScmpr0) = 30'000; // counts from now
    ticks = ticks + 1;
}

extern "C" void IRQ24_Handler() // STIMER_CMPR1
{
    REGISTER(kStmintclr) = 2U;
    REGISTER(kStcfg) = 0;
    awake = true;
}

void uartInterruptSend(const char* text, std::size_t length) {
    enableIrq(kUartIrq);
    uart.send(text, length);
}
bool uartDmaSend(const char*, std::size_t) { return false; }
void uartListen(char* buffer, std::size_t size) {
    enableIrq(kUartIrq);
    uart.listen(buffer, size);
}

void ticksStart() {
    ticks = 0;
    REGISTER(kStcfg) = kHfrcBy16 | 1U << 8; // COMPARE_A_EN
    REGISTER(kStminten) = 1U;
    REGISTER(kStmintclr) = 1U;
    enableIrq(kCompareIrq);
    REGISTER(kScmpr0) = 30'000;
}
void ticksStop() { REGISTER(kStcfg) = 0; }

void wakeupPrepare() {} // the crystal runs since reset
void wakeupStart() {
    awake = false;
    REGISTER(kStcfg) = kCrystal | 1U << 9; // COMPARE_B_EN
    REGISTER(kStminten) = 2U;
    REGISTER(kStmintclr) = 2U;
    enableIrq(kCompareIrq + 1);
    REGISTER(kScmpr1) = 32'768 / 4;
}

void sensorStart() {
    REGISTER(kPwrctrl + 0x08) |= 1U << 9;             // DEVPWREN: PWRADC
    REGISTER(kAdc + 0x0C) = 1U | 3U << 8;             // SL0CFG: SLEN, CHSEL 3, one sample of 14 bits
    REGISTER(kAdc + 0x00) = 1U << 24 | 1U << 12 | 1U; // CFG: HFRC, 2.0 V, FIFO reads pop, ADCEN
    print("sensor ADC\n");
}

void sensorPrint() {
    REGISTER(kAdc + 0x208) = 0xFF;                                       // INTCLR
    REGISTER(kAdc + 0x08) = 0x37;                                        // SWT
    waitSet(kAdc + 0x204, 1U);                                           // INTSTAT: CNVCMP
    const std::uint32_t counts = (REGISTER(kAdc + 0x3C) & 0xFFFFF) >> 6; // FIFOPR: DATA
    print("voltage ");
    printFixed(static_cast<std::int32_t>((counts * 2000 + 8191) / 16383), 3);
    print("\n");
}
