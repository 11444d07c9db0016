// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

/// A bit of the RCC that feeds a peripheral.
struct ClockBit {
    std::uint32_t address = 0;
    std::uint32_t mask = 0;
};

/// The oscillator of the RTC.
struct LowSpeedClock {
    bool external; ///< LSE, in the backup domain's register; else LSI at `address`
    std::uint32_t address;
    unsigned on, ready;
    std::uint32_t hertz;
};

inline constexpr std::uint32_t kTim6 = 0x40001000;
inline constexpr std::uint32_t kI2c1 = 0x40005400;

void usartInterrupt();
void dmaInterrupt();
void timerInterrupt();
void wakeupInterrupt();

/// Interrupt entries by number, as the vector table calls them.
#define HANDLER(number, function)                                                                                      \
    extern "C" void IRQ##number##_Handler() { function(); }
