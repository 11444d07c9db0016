// SPDX-License-Identifier: GPL-2.0-or-later
// STM32L4R5: RM0432 6.4 (RCC), 12.3.2 table 46 (DMAMUX requests), 16.4 (EXTI lines), 17 (vectors).
#pragma once

struct Mcu {
    static constexpr std::uint32_t kRcc = 0x40021000;
    static constexpr std::uint32_t kUsart = 0x40008000; // LPUART1
    static constexpr bool kUsartV1 = false;
    static constexpr unsigned kUsartIrq = 70;
    static constexpr bool kDmaStreams = false;
    static constexpr std::uint32_t kDma = 0x40020000, kDmaMux = 0x40020800;
    static constexpr unsigned kDmaIndex = 0, kDmaIrq = 11, kDmaRequest = 35;
    static constexpr ClockBit kDmaClock{kRcc + 0x48, 1U << 0}, kDmaMuxClock{kRcc + 0x48, 1U << 2};
    static constexpr ClockBit kTim6Clock{kRcc + 0x58, 1U << 4};
    static constexpr unsigned kTim6Irq = 54;
    static constexpr std::uint32_t kTimerHz = 120'000'000;
    static constexpr std::uint32_t kPwr = 0x40007000, kBackup = kRcc + 0x90; // BDCR
    static constexpr ClockBit kRtcClocks[] = {{kRcc + 0x58, 1U << 28 | 1U << 10}};
    static constexpr LowSpeedClock kLowSpeed{true, 0, 0, 1, 32'768};
    static constexpr unsigned kRtcSelect = 8, kRtcEnable = 15;
    static constexpr std::uint32_t kRtc = 0x40002800;
    static constexpr bool kRtcV3 = false;
    static constexpr unsigned kWakeupIrq = 3, kExtiLine = 20;
    static constexpr std::uint32_t kExtiMask = 0x40010400, kExtiRising = 0x40010408, kExtiPending = 0x40010414;
    static constexpr ClockBit kI2cClocks[] = {{kRcc + 0x4C, 1U << 1}, {kRcc + 0x58, 1U << 21}};
    static constexpr std::uint32_t kGpioB = 0x48000400, kI2cHz = 120'000'000;
    static constexpr unsigned kI2cFunction = 4;
};

#ifdef DEVICES_HANDLERS
HANDLER(70, usartInterrupt)
HANDLER(11, dmaInterrupt)
HANDLER(54, timerInterrupt)
HANDLER(3, wakeupInterrupt)
#endif
