// SPDX-License-Identifier: GPL-2.0-or-later
// HTS221 on I2C1 of L0, L4, F7, G0 and H7, polled: RM0432 43.4.9 (transfers), 43.9 (registers).
#include "bsp/stm32.h"
#include "devices/devices.h"
#include "devices/hts221.h"
#include "devices/stm32_table.h"

#include DEVICES_TABLE

namespace {

constexpr std::uint32_t kCr2 = kI2c1 + 0x04, kIsr = kI2c1 + 0x18, kIcr = kI2c1 + 0x1C;
constexpr std::uint32_t kAutoend = 1U << 25, kStart = 1U << 13, kRead = 1U << 10;
constexpr std::uint32_t kTxis = 1U << 1, kRxne = 1U << 2, kNackf = 1U << 4, kStopf = 1U << 5, kTc = 1U << 6;

/// 100 kHz: the kernel clock divided to at most 9 MHz, SCL low and high for half a period each.
constexpr std::uint32_t timing(std::uint32_t hertz) {
    const std::uint32_t prescaler = (hertz + 8'999'999) / 9'000'000;
    const std::uint32_t half = hertz / prescaler / 200'000;
    return (prescaler - 1) << 28 | (half - 1) << 8 | (half - 1);
}

/// True when the flag came, false when the device did not answer.
bool await(std::uint32_t flag) {
    while ((REGISTER(kIsr) & (flag | kNackf)) == 0) {
    }
    return (REGISTER(kIsr) & kNackf) == 0;
}

bool send(unsigned address, const std::uint8_t* bytes, unsigned length, std::uint32_t end) {
    REGISTER(kCr2) = address << 1 | length << 16 | kStart | end;
    for (unsigned index = 0; index < length; ++index) {
        if (!await(kTxis)) {
            waitSet(kIsr, kStopf);
            REGISTER(kIcr) = kStopf | kNackf;
            return false;
        }
        REGISTER(kI2c1 + 0x28) = bytes[index];
    }
    return true;
}

} // namespace

void i2cWrite(unsigned address, std::uint8_t at, std::uint8_t value) {
    const std::uint8_t bytes[] = {at, value};
    if (send(address, bytes, 2, kAutoend)) {
        waitSet(kIsr, kStopf);
        REGISTER(kIcr) = kStopf;
    }
}

void i2cRead(unsigned address, std::uint8_t at, std::uint8_t* bytes, unsigned length) {
    if (!send(address, &at, 1, 0) || !await(kTc)) {
        return;
    }
    REGISTER(kCr2) = address << 1 | length << 16 | kRead | kStart | kAutoend;
    for (unsigned index = 0; index < length; ++index) {
        waitSet(kIsr, kRxne);
        bytes[index] = static_cast<std::uint8_t>(REGISTER(kI2c1 + 0x24));
    }
    waitSet(kIsr, kStopf);
    REGISTER(kIcr) = kStopf;
}

void sensorStart() {
    for (const ClockBit& clock : Mcu::kI2cClocks) {
        REGISTER(clock.address) |= clock.mask;
        (void)REGISTER(clock.address);
    }
    for (unsigned pin = 8; pin < 10; ++pin) {      // PB8 SCL, PB9 SDA
        REGISTER(Mcu::kGpioB + 0x04) |= 1U << pin; // OTYPER: open drain
        gpioAlternate(Mcu::kGpioB, pin, Mcu::kI2cFunction);
    }
    REGISTER(kI2c1 + 0x10) = timing(Mcu::kI2cHz); // TIMINGR
    REGISTER(kI2c1 + 0x00) = 1U;                  // CR1: PE
    hts221::start();
}

void sensorPrint() { hts221::printMeasurement(); }
