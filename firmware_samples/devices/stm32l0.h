// SPDX-License-Identifier: GPL-2.0-or-later
// STM32L053: RM0367 7.3 (RCC), 11.3.2 table 52 (DMA requests), 13.4 (EXTI lines), 12.3 (vectors).
#pragma once

struct Mcu {
    static constexpr std::uint32_t kRcc = 0x40021000;
    static constexpr std::uint32_t kUsart = 0x40004400; // USART2
    static constexpr bool kUsartV1 = false;
    static constexpr unsigned kUsartIrq = 28;
    static constexpr bool kDmaStreams = false;
    static constexpr std::uint32_t kDma = 0x40020000, kDmaMux = 0;
    static constexpr unsigned kDmaIndex = 3, kDmaIrq = 11, kDmaRequest = 4; // channel 4
    static constexpr ClockBit kDmaClock{kRcc + 0x30, 1U << 0}, kDmaMuxClock{};
    static constexpr ClockBit kTim6Clock{kRcc + 0x38, 1U << 4};
    static constexpr unsigned kTim6Irq = 17;
    static constexpr std::uint32_t kTimerHz = 16'000'000;
    static constexpr std::uint32_t kPwr = 0x40007000, kBackup = kRcc + 0x50; // CSR
    static constexpr ClockBit kRtcClocks[] = {{kRcc + 0x38, 1U << 28}};
    static constexpr LowSpeedClock kLowSpeed{true, 0, 8, 9, 32'768};
    static constexpr unsigned kRtcSelect = 16, kRtcEnable = 18;
    static constexpr std::uint32_t kRtc = 0x40002800;
    static constexpr bool kRtcV3 = false;
    static constexpr unsigned kWakeupIrq = 2, kExtiLine = 20;
    static constexpr std::uint32_t kExtiMask = 0x40010400, kExtiRising = 0x40010408, kExtiPending = 0x40010414;
    static constexpr ClockBit kI2cClocks[] = {{kRcc + 0x2C, 1U << 1}, {kRcc + 0x38, 1U << 21}};
    static constexpr std::uint32_t kGpioB = 0x50000400, kI2cHz = 16'000'000;
    static constexpr unsigned kI2cFunction = 4;
};

#ifdef DEVICES_HANDLERS
HANDLER(28, usartInterrupt)
HANDLER(11, dmaInterrupt)
HANDLER(17, timerInterrupt)
HANDLER(2, wakeupInterrupt)
#endif
