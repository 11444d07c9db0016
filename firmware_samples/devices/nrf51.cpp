// SPDX-License-Identifier: GPL-2.0-or-later
// nRF51822 of the micro:bit: UART by interrupt (there is no DMA for it), TIMER0, RTC0 from the synthesised 32.768 kHz,
// HTS221 on TWI0. Registers: nRF51 series reference manual v3.0, 28 (TWI), 29 (UART).
#include "devices/devices.h"
#include "devices/hts221.h"
#include "devices/nrf.h"

namespace {

using namespace nrf;

constexpr std::uint32_t kRxdRdy = kUart + 0x108, kTxdRdy = kUart + 0x11C, kIntenset = kUart + 0x304,
                        kIntenclr = kUart + 0x308;

} // namespace

const unsigned nrf::kLowFrequencySource = 2; // the synthesised clock: the board has no crystal for it

extern "C" void IRQ2_Handler() // UART0
{
    if (REGISTER(kRxdRdy) != 0) {
        clearEvent(kRxdRdy);
        incoming.keep(REGISTER(kUart + 0x518)); // RXD
    }
    if ((REGISTER(kIntenset) & 1U << 7) != 0 && REGISTER(kTxdRdy) != 0) {
        clearEvent(kTxdRdy);
        outgoing.oneIsGone();
        if (outgoing.left != 0) {
            sendNext();
        } else {
            REGISTER(kIntenclr) = 1U << 7;
        }
    }
}

void uartInterruptSend(const char* text, std::size_t length) {
    outgoing.begin(text, length);
    clearEvent(kTxdRdy);
    REGISTER(kIntenset) = 1U << 7; // TXDRDY
    enableIrq(kUartIrq);
    sendNext();
}

bool uartDmaSend(const char*, std::size_t) { return false; }

void uartListen(char* buffer, std::size_t size) {
    incoming.begin(buffer, size);
    clearEvent(kRxdRdy);
    REGISTER(kIntenset) = 1U << 2; // RXDRDY
    enableIrq(kUartIrq);
    REGISTER(kUart + 0x000) = 1; // TASKS_STARTRX
}

namespace {

constexpr std::uint32_t kStartRx = kTwi + 0x00, kStartTx = kTwi + 0x08, kStop = kTwi + 0x14, kResume = kTwi + 0x20;
constexpr std::uint32_t kStopped = kTwi + 0x104, kRxdReady = kTwi + 0x108, kTxdSent = kTwi + 0x11C,
                        kError = kTwi + 0x124, kShorts = kTwi + 0x200;
constexpr std::uint32_t kBbSuspend = 1U, kBbStop = 2U;

/// False when nobody acknowledges.
bool sendByte(std::uint8_t byte) {
    REGISTER(kTxdSent) = 0;
    REGISTER(kError) = 0;
    REGISTER(kTwi + 0x51C) = byte;
    while (REGISTER(kTxdSent) == 0) {
        if (REGISTER(kError) != 0) {
            return false;
        }
    }
    return true;
}

void stop() {
    REGISTER(kStopped) = 0;
    REGISTER(kStop) = 1;
    waitSet(kStopped, 1U);
}

} // namespace

void i2cWrite(unsigned address, std::uint8_t at, std::uint8_t value) {
    REGISTER(kTwi + 0x588) = address;
    REGISTER(kStartTx) = 1;
    if (sendByte(at)) {
        sendByte(value);
    }
    stop();
}

void i2cRead(unsigned address, std::uint8_t at, std::uint8_t* bytes, unsigned length) {
    REGISTER(kTwi + 0x588) = address;
    REGISTER(kStartTx) = 1;
    if (!sendByte(at)) {
        stop();
        return;
    }
    // The bus stops behind each byte until the next is wanted (reference manual 28.5).
    REGISTER(kStopped) = 0;
    REGISTER(kRxdReady) = 0;
    REGISTER(kShorts) = length == 1 ? kBbStop : kBbSuspend;
    REGISTER(kStartRx) = 1;
    for (unsigned index = 0; index < length; ++index) {
        waitSet(kRxdReady, 1U);
        REGISTER(kRxdReady) = 0;
        bytes[index] = static_cast<std::uint8_t>(REGISTER(kTwi + 0x518));
        if (index + 2 == length) {
            REGISTER(kShorts) = kBbStop;
        }
        if (index + 1 != length) {
            REGISTER(kResume) = 1;
        }
    }
    waitSet(kStopped, 1U);
    REGISTER(kShorts) = 0;
}

void sensorStart() {
    REGISTER(kTwi + 0x508) = 0;          // PSELSCL: P0.00, the micro:bit's sensor bus
    REGISTER(kTwi + 0x50C) = 30;         // PSELSDA: P0.30
    REGISTER(kTwi + 0x524) = 0x01980000; // FREQUENCY: 100 kHz
    REGISTER(kTwi + 0x500) = 5;          // ENABLE
    hts221::start();
}

void sensorPrint() { hts221::printMeasurement(); }
