// SPDX-License-Identifier: GPL-2.0-or-later
// STM32H7A3: RM0455 8.7 (RCC), 18.3.2 (DMAMUX requests), 21.3 (EXTI lines), 20 (vectors).
#pragma once

struct Mcu {
    static constexpr std::uint32_t kRcc = 0x58024400;
    static constexpr std::uint32_t kUsart = 0x40004800; // USART3
    static constexpr bool kUsartV1 = false;
    static constexpr unsigned kUsartIrq = 39;
    static constexpr bool kDmaStreams = true;
    static constexpr std::uint32_t kDma = 0x40020000, kDmaMux = 0x40020800;
    static constexpr unsigned kDmaIndex = 0, kDmaIrq = 11, kDmaRequest = 46;
    static constexpr ClockBit kDmaClock{kRcc + 0xD8, 1U << 0}, kDmaMuxClock{};
    static constexpr ClockBit kTim6Clock{kRcc + 0xE8, 1U << 4};
    static constexpr unsigned kTim6Irq = 54;
    static constexpr std::uint32_t kTimerHz = 280'000'000;
    static constexpr std::uint32_t kPwr = 0x58024800, kBackup = kRcc + 0x70; // BDCR
    static constexpr ClockBit kRtcClocks[] = {{kRcc + 0xF4, 1U << 16}};
    static constexpr LowSpeedClock kLowSpeed{true, 0, 0, 1, 32'768};
    static constexpr unsigned kRtcSelect = 8, kRtcEnable = 15;
    static constexpr std::uint32_t kRtc = 0x58004000;
    static constexpr bool kRtcV3 = true;
    static constexpr unsigned kWakeupIrq = 3, kExtiLine = 19;
    static constexpr std::uint32_t kExtiMask = 0x58000080, kExtiRising = 0x58000000, kExtiPending = 0x58000088;
    static constexpr ClockBit kI2cClocks[] = {{kRcc + 0xE0, 1U << 1}, {kRcc + 0xE8, 1U << 21}};
    static constexpr std::uint32_t kGpioB = 0x58020400, kI2cHz = 140'000'000;
    static constexpr unsigned kI2cFunction = 4;
};

#ifdef DEVICES_HANDLERS
HANDLER(39, usartInterrupt)
HANDLER(11, dmaInterrupt)
HANDLER(54, timerInterrupt)
HANDLER(3, wakeupInterrupt)
#endif
