// SPDX-License-Identifier: GPL-2.0-or-later
// STM32F407: RM0090 7.3 (RCC), 10.3.3 table 42 (DMA requests), 12.2.5 (EXTI lines), 12.1.3 (vectors). No 32 kHz
// crystal: the LSI.
#pragma once

struct Mcu {
    static constexpr std::uint32_t kRcc = 0x40023800;
    static constexpr std::uint32_t kUsart = 0x40004400; // USART2
    static constexpr bool kUsartV1 = true;
    static constexpr unsigned kUsartIrq = 38;
    static constexpr bool kDmaStreams = true;
    static constexpr std::uint32_t kDma = 0x40026000, kDmaMux = 0; // DMA1 stream 6 channel 4
    static constexpr unsigned kDmaIndex = 6, kDmaIrq = 17, kDmaRequest = 4;
    static constexpr ClockBit kDmaClock{kRcc + 0x30, 1U << 21}, kDmaMuxClock{};
    static constexpr ClockBit kTim6Clock{kRcc + 0x40, 1U << 4};
    static constexpr unsigned kTim6Irq = 54;
    static constexpr std::uint32_t kTimerHz = 84'000'000;
    static constexpr std::uint32_t kPwr = 0x40007000, kBackup = kRcc + 0x70; // BDCR
    static constexpr ClockBit kRtcClocks[] = {{kRcc + 0x40, 1U << 28}};
    static constexpr LowSpeedClock kLowSpeed{false, kRcc + 0x74, 0, 1, 32'000}; // CSR
    static constexpr unsigned kRtcSelect = 8, kRtcEnable = 15;
    static constexpr std::uint32_t kRtc = 0x40002800;
    static constexpr bool kRtcV3 = false;
    static constexpr unsigned kWakeupIrq = 3, kExtiLine = 22;
    static constexpr std::uint32_t kExtiMask = 0x40013C00, kExtiRising = 0x40013C08, kExtiPending = 0x40013C14;
};

#ifdef DEVICES_HANDLERS
HANDLER(38, usartInterrupt)
HANDLER(17, dmaInterrupt)
HANDLER(54, timerInterrupt)
HANDLER(3, wakeupInterrupt)
#endif
