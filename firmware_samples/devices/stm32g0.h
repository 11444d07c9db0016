// SPDX-License-Identifier: GPL-2.0-or-later
// STM32G0B1: RM0444 5.4 (RCC), 11.3.2 table 55 (DMAMUX requests), 13.4 (EXTI: the RTC's line is direct), 12.3
// (vectors).
#pragma once

struct Mcu {
    static constexpr std::uint32_t kRcc = 0x40021000;
    static constexpr std::uint32_t kUsart = 0x40004400; // USART2
    static constexpr bool kUsartV1 = false;
    static constexpr unsigned kUsartIrq = 28;
    static constexpr bool kDmaStreams = false;
    static constexpr std::uint32_t kDma = 0x40020000, kDmaMux = 0x40020800;
    static constexpr unsigned kDmaIndex = 0, kDmaIrq = 9, kDmaRequest = 53;
    static constexpr ClockBit kDmaClock{kRcc + 0x38, 1U << 0}, kDmaMuxClock{};
    static constexpr ClockBit kTim6Clock{kRcc + 0x3C, 1U << 4};
    static constexpr unsigned kTim6Irq = 17;
    static constexpr std::uint32_t kTimerHz = 64'000'000;
    static constexpr std::uint32_t kPwr = 0x40007000, kBackup = kRcc + 0x5C; // BDCR
    static constexpr ClockBit kRtcClocks[] = {{kRcc + 0x3C, 1U << 28 | 1U << 10}};
    static constexpr LowSpeedClock kLowSpeed{true, 0, 0, 1, 32'768};
    static constexpr unsigned kRtcSelect = 8, kRtcEnable = 15;
    static constexpr std::uint32_t kRtc = 0x40002800;
    static constexpr bool kRtcV3 = true;
    static constexpr unsigned kWakeupIrq = 2, kExtiLine = 19;
    static constexpr std::uint32_t kExtiMask = 0, kExtiRising = 0, kExtiPending = 0;
    static constexpr ClockBit kI2cClocks[] = {{kRcc + 0x34, 1U << 1}, {kRcc + 0x3C, 1U << 21}};
    static constexpr std::uint32_t kGpioB = 0x50000400, kI2cHz = 64'000'000;
    static constexpr unsigned kI2cFunction = 6;
};

#ifdef DEVICES_HANDLERS
HANDLER(28, usartInterrupt)
HANDLER(9, dmaInterrupt)
HANDLER(17, timerInterrupt)
HANDLER(2, wakeupInterrupt)
#endif
