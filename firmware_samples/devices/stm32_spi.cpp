// SPDX-License-Identifier: GPL-2.0-or-later
// Accelerometer LIS3DH (ST DS6839) on SPI1 of the STM32F407 discovery board, where its kin sits: PA5 to PA7, chip
// select PE3 (UM1472 6.4); polled. Registers: RM0090 28.5.
#include "bsp/stm32.h"
#include "devices/devices.h"
#include "devices/fixed.h"

namespace {

constexpr std::uint32_t kRcc = 0x40023800, kGpioA = 0x40020000, kGpioE = 0x40021000, kSpi1 = 0x40013000;
constexpr unsigned kSelect = 3;
bool isThere = false;

std::uint8_t exchange(std::uint8_t byte) {
    waitSet(kSpi1 + 0x08, 1U << 1); // SR: TXE
    REGISTER(kSpi1 + 0x0C) = byte;
    waitSet(kSpi1 + 0x08, 1U << 0); // SR: RXNE
    return static_cast<std::uint8_t>(REGISTER(kSpi1 + 0x0C));
}

void select(bool on) { REGISTER(kGpioE + 0x18) = 1U << (on ? kSelect + 16 : kSelect); } // BSRR

void readRegisters(std::uint8_t at, std::uint8_t* bytes, unsigned length) {
    select(true);
    exchange(0xC0U | at); // read, the pointer moves on
    for (unsigned index = 0; index < length; ++index) {
        bytes[index] = exchange(0);
    }
    select(false);
}

} // namespace

void sensorStart() {
    REGISTER(kRcc + 0x30) |= 1U << 0 | 1U << 4; // AHB1ENR: GPIOA, GPIOE
    REGISTER(kRcc + 0x44) |= 1U << 12;          // APB2ENR: SPI1
    (void)REGISTER(kRcc + 0x44);
    select(false);
    modify(kGpioE + 0x00, 3U << (2 * kSelect), 1U << (2 * kSelect)); // MODER: output
    for (unsigned pin = 5; pin < 8; ++pin) {
        gpioAlternate(kGpioA, pin, 5);
    }
    // CR1: CPOL and CPHA (DS6839 6.2), master, 84 MHz / 16, software select; then enabled.
    REGISTER(kSpi1 + 0x00) = 3U | 1U << 2 | 3U << 3 | 1U << 8 | 1U << 9;
    REGISTER(kSpi1 + 0x00) |= 1U << 6;
    std::uint8_t who = 0;
    readRegisters(0x0F, &who, 1); // WHO_AM_I
    isThere = who == 0x33;
    print(isThere ? "sensor LIS3DH\n" : "sensor missing\n");
    select(true);
    exchange(0x20); // CTRL_REG1: 100 Hz, all axes
    exchange(0x57);
    select(false);
}

void sensorPrint() {
    std::uint8_t status = 0;
    for (unsigned asked = 0; (status & 8U) == 0; ++asked) {
        if (asked == 100 || !isThere) {
            print("no data\n");
            return;
        }
        readRegisters(0x27, &status, 1); // STATUS_REG: ZYXDA
    }
    std::uint8_t out[6];
    readRegisters(0x28, out, sizeof out);
    print("acceleration");
    for (unsigned axis = 0; axis < 3; ++axis) {
        const std::int32_t counts = static_cast<std::int16_t>(out[2 * axis] | out[2 * axis + 1] << 8); // 16384 per g
        print(" ");
        printFixed((counts * 1000 + (counts < 0 ? -8192 : 8192)) / 16384, 3);
    }
    print("\n");
}
