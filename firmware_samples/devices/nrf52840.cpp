// SPDX-License-Identifier: GPL-2.0-or-later
// nRF52840 of the Nano 33 BLE Sense: UART by interrupt, UARTE by EasyDMA, TIMER0, RTC0 from the crystal, HTS221 on
// TWIM0. Registers: nRF52840 PS v1.7, 6.33 (UART), 6.34 (UARTE), 6.31 (TWIM).
#include "devices/devices.h"
#include "devices/hts221.h"
#include "devices/nrf.h"

namespace {

using namespace nrf;

volatile char received; // EasyDMA reaches RAM only
char dmaBuffer[128];

constexpr std::uint32_t kStartRx = kUart + 0x00, kStartTx = kUart + 0x08, kStopTx = kUart + 0x0C;
constexpr std::uint32_t kEndRx = kUart + 0x110, kTxdRdy = kUart + 0x11C, kEndTx = kUart + 0x120,
                        kIntenset = kUart + 0x304, kIntenclr = kUart + 0x308, kEnable = kUart + 0x500;
constexpr std::uint32_t kUartMode = 4, kUarteMode = 8;

std::uint32_t addressOf(const volatile void* object) { return reinterpret_cast<std::uintptr_t>(object); }

} // namespace

const unsigned nrf::kLowFrequencySource = 1; // the crystal

extern "C" void IRQ2_Handler() // UARTE0_UART0
{
    const std::uint32_t enabled = REGISTER(kIntenset);
    if ((enabled & 1U << 7) != 0 && REGISTER(kTxdRdy) != 0) {
        clearEvent(kTxdRdy);
        outgoing.oneIsGone();
        if (outgoing.left != 0) {
            sendNext();
        } else {
            REGISTER(kIntenclr) = 1U << 7;
            REGISTER(kStopTx) = 1;
            REGISTER(kEnable) = kUarteMode;
        }
    }
    if ((enabled & 1U << 8) != 0 && REGISTER(kEndTx) != 0) {
        REGISTER(kIntenclr) = 1U << 8;
        outgoing.left = 0;
    }
    if ((enabled & 1U << 4) != 0 && REGISTER(kEndRx) != 0) {
        clearEvent(kEndRx);
        incoming.keep(static_cast<std::uint8_t>(received));
        REGISTER(kStartRx) = 1;
    }
}

void uartInterruptSend(const char* text, std::size_t length) {
    outgoing.begin(text, length);
    REGISTER(kEnable) = kUartMode;
    clearEvent(kTxdRdy);
    REGISTER(kIntenset) = 1U << 7; // TXDRDY
    enableIrq(kUartIrq);
    REGISTER(kStartTx) = 1;
    sendNext();
}

bool uartDmaSend(const char* text, std::size_t length) {
    for (std::size_t index = 0; index < length; ++index) {
        dmaBuffer[index] = text[index];
    }
    outgoing.left = 1;
    clearEvent(kEndTx);
    REGISTER(kIntenset) = 1U << 8; // ENDTX
    enableIrq(kUartIrq);
    REGISTER(kUart + 0x544) = addressOf(dmaBuffer); // TXD.PTR
    REGISTER(kUart + 0x548) = length;               // TXD.MAXCNT
    REGISTER(kStartTx) = 1;
    return true;
}

void uartListen(char* buffer, std::size_t size) {
    incoming.begin(buffer, size);
    clearEvent(kEndRx);
    REGISTER(kUart + 0x534) = addressOf(&received); // RXD.PTR
    REGISTER(kUart + 0x538) = 1;                    // RXD.MAXCNT
    REGISTER(kIntenset) = 1U << 4;                  // ENDRX
    enableIrq(kUartIrq);
    REGISTER(kStartRx) = 1;
}

// ---- TWIM0

namespace {

std::uint8_t transmitBuffer[2];
std::uint8_t receiveBuffer[16];

/// Sends, then receives what RXD.MAXCNT says behind a repeated start when `shorts` asks for it.
void transfer(unsigned address, unsigned send, std::uint32_t shorts) {
    REGISTER(kTwi + 0x588) = address;
    REGISTER(kTwi + 0x544) = addressOf(transmitBuffer); // TXD.PTR
    REGISTER(kTwi + 0x548) = send;                      // TXD.MAXCNT
    REGISTER(kTwi + 0x200) = shorts;                    // SHORTS
    REGISTER(kTwi + 0x104) = 0;                         // EVENTS_STOPPED
    REGISTER(kTwi + 0x124) = 0;                         // EVENTS_ERROR
    REGISTER(kTwi + 0x008) = 1;                         // TASKS_STARTTX
    while (REGISTER(kTwi + 0x104) == 0) {
        if (REGISTER(kTwi + 0x124) != 0) { // nobody there
            REGISTER(kTwi + 0x124) = 0;
            REGISTER(kTwi + 0x014) = 1; // TASKS_STOP
        }
    }
}

} // namespace

void i2cWrite(unsigned address, std::uint8_t at, std::uint8_t value) {
    transmitBuffer[0] = at;
    transmitBuffer[1] = value;
    transfer(address, 2, 1U << 9); // LASTTX_STOP
}

void i2cRead(unsigned address, std::uint8_t at, std::uint8_t* bytes, unsigned length) {
    transmitBuffer[0] = at;
    REGISTER(kTwi + 0x534) = addressOf(receiveBuffer); // RXD.PTR
    REGISTER(kTwi + 0x538) = length;                   // RXD.MAXCNT
    transfer(address, 1, 1U << 7 | 1U << 12);          // LASTTX_STARTRX, LASTRX_STOP
    dataBarrier();
    for (unsigned index = 0; index < length; ++index) {
        bytes[index] = receiveBuffer[index];
    }
}

void sensorStart() {
    REGISTER(kTwi + 0x508) = 15;         // PSEL.SCL: P0.15, the board's own sensor bus
    REGISTER(kTwi + 0x50C) = 14;         // PSEL.SDA: P0.14
    REGISTER(kTwi + 0x524) = 0x01980000; // FREQUENCY: 100 kHz
    REGISTER(kTwi + 0x500) = 6;          // ENABLE: TWIM
    hts221::start();
}

void sensorPrint() { hts221::printMeasurement(); }
