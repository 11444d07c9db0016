// SPDX-License-Identifier: GPL-2.0-or-later
// STM32F746: RM0385 5.3 (RCC), 8.3.3 tables 27 and 28 (DMA requests), 11.8 (EXTI lines), 10.1.2 (vectors).
#pragma once

struct Mcu {
    static constexpr std::uint32_t kRcc = 0x40023800;
    static constexpr std::uint32_t kUsart = 0x40011000; // USART1
    static constexpr bool kUsartV1 = false;
    static constexpr unsigned kUsartIrq = 37;
    static constexpr bool kDmaStreams = true;
    static constexpr std::uint32_t kDma = 0x40026400, kDmaMux = 0; // DMA2 stream 7 channel 4
    static constexpr unsigned kDmaIndex = 7, kDmaIrq = 70, kDmaRequest = 4;
    static constexpr ClockBit kDmaClock{kRcc + 0x30, 1U << 22}, kDmaMuxClock{};
    static constexpr ClockBit kTim6Clock{kRcc + 0x40, 1U << 4};
    static constexpr unsigned kTim6Irq = 54;
    static constexpr std::uint32_t kTimerHz = 108'000'000;
    static constexpr std::uint32_t kPwr = 0x40007000, kBackup = kRcc + 0x70; // BDCR
    static constexpr ClockBit kRtcClocks[] = {{kRcc + 0x40, 1U << 28}};
    static constexpr LowSpeedClock kLowSpeed{true, 0, 0, 1, 32'768};
    static constexpr unsigned kRtcSelect = 8, kRtcEnable = 15;
    static constexpr std::uint32_t kRtc = 0x40002800;
    static constexpr bool kRtcV3 = false;
    static constexpr unsigned kWakeupIrq = 3, kExtiLine = 22;
    static constexpr std::uint32_t kExtiMask = 0x40013C00, kExtiRising = 0x40013C08, kExtiPending = 0x40013C14;
    static constexpr ClockBit kI2cClocks[] = {{kRcc + 0x30, 1U << 1}, {kRcc + 0x40, 1U << 21}};
    static constexpr std::uint32_t kGpioB = 0x40020400, kI2cHz = 54'000'000;
    static constexpr unsigned kI2cFunction = 4;
};

#ifdef DEVICES_HANDLERS
HANDLER(37, usartInterrupt)
HANDLER(70, dmaInterrupt)
HANDLER(54, timerInterrupt)
HANDLER(3, wakeupInterrupt)
#endif
