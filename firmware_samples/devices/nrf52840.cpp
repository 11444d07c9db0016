// SPDX-License-Identifier: GPL-2.0-or-later
// nRF52840 of the Nano 33 BLE Sense: UART by interrupt, UARTE by EasyDMA, TIMER0, RTC0 from the crystal, HTS221 on
// TWIM0. Registers: nRF52840 PS v1.7, 6.33 (UART), 6.34 (UARTE), 6.31 (TWIM).
#include "devices/devices.h"
#include "devices/hts221.h"
#include "devices/nrf.h"

namespace {

using namespace nrf;

volatile std::size_t left;
const char* volatile next;
volatile char received; // EasyDMA reaches RAM only
char dmaBuffer[128];
char* input;
std::size_t inputSize;
volatile std::size_t heard;
volatile std::uint32_t ticks;
volatile bool awake;

constexpr std::uint32_t kStartRx = kUart + 0x00, kStartTx = kUart + 0x08, kStopTx = kUart + 0x0C;
constexpr std::uint32_t kEndRx = kUart + 0x110, kTxdRdy = kUart + 0x11C, kEndTx = kUart + 0x120,
                        kIntenset = kUart + 0x304, kIntenclr = kUart + 0x308, kEnable = kUart + 0x500;
constexpr std::uint32_t kUartMode = 4, kUarteMode = 8;

std::uint32_t addressOf(const volatile void* object) { return reinterpret_cast<std::uintptr_t>(object); }

void sendNext() {
    const char byte = *next;
    next = next + 1;
    REGISTER(kUart + 0x51C) = static_cast<std::uint8_t>(byte); // TXD
}

} // namespace

extern "C" void IRQ2_Handler() // UARTE0_UART0
{
    const std::uint32_t enabled = REGISTER(kIntenset);
    if ((enabled & 1U << 7) != 0 && REGISTER(kTxdRdy) != 0) {
        clearEvent(kTxdRdy);
        left = left - 1;
        if (left != 0) {
            sendNext();
        } else {
            REGISTER(kIntenclr) = 1U << 7;
            REGISTER(kStopTx) = 1;
            REGISTER(kEnable) = kUarteMode;
        }
    }
    if ((enabled & 1U << 8) != 0 && REGISTER(kEndTx) != 0) {
        REGISTER(kIntenclr) = 1U << 8;
        left = 0;
    }
    if ((enabled & 1U << 4) != 0 && REGISTER(kEndRx) != 0) {
        clearEvent(kEndRx);
        if (heard < inputSize) {
            input[heard] = received;
            heard = heard + 1;
        }
        REGISTER(kStartRx) = 1;
    }
}

extern "C" void IRQ8_Handler() // TIMER0
{
    clearEvent(kTimer + 0x140);
    ticks = ticks + 1;
}

extern "C" void IRQ11_Handler() // RTC0
{
    clearEvent(kRtc + 0x140);
    REGISTER(kRtc + 0x004) = 1; // TASKS_STOP
    awake = true;
}

void uartInterruptSend(const char* text, std::size_t length) {
    next = text;
    left = length;
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
    left = 1;
    clearEvent(kEndTx);
    REGISTER(kIntenset) = 1U << 8; // ENDTX
    enableIrq(kUartIrq);
    REGISTER(kUart + 0x544) = addressOf(dmaBuffer); // TXD.PTR
    REGISTER(kUart + 0x548) = length;               // TXD.MAXCNT
    REGISTER(kStartTx) = 1;
    return true;
}

bool uartSent() { return left == 0; }

void uartListen(char* buffer, std::size_t size) {
    input = buffer;
    inputSize = size;
    heard = 0;
    clearEvent(kEndRx);
    REGISTER(kUart + 0x534) = addressOf(&received); // RXD.PTR
    REGISTER(kUart + 0x538) = 1;                    // RXD.MAXCNT
    REGISTER(kIntenset) = 1U << 4;                  // ENDRX
    enableIrq(kUartIrq);
    REGISTER(kStartRx) = 1;
}

std::size_t uartHeard() { return heard; }

void ticksStart() {
    ticks = 0;
    startTimer();
}
std::uint32_t ticksHappened() { return ticks; }
void ticksStop() { REGISTER(kTimer + 0x004) = 1; } // TASKS_STOP

void wakeupPrepare() { startLowFrequency(1); }
void wakeupStart() {
    awake = false;
    startRtc();
}
bool wakeupHappened() { return awake; }

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
