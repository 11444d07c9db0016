// SPDX-License-Identifier: GPL-2.0-or-later
// The STM32 families differ in where things are and in three details: generation of the USART, channels or streams of
// the DMA, layout of the RTC. DEVICES_TABLE names the header with this family's figures (`struct Mcu`) and interrupt
// handlers.
#include "bsp/stm32.h"
#include "bsp/board.h"
#include "devices/devices.h"
#include "devices/interrupts.h"
#include "devices/stm32_table.h"

#define DEVICES_HANDLERS
#include DEVICES_TABLE

namespace {

// USART: v1 has SR and DR first, v2 (and LPUART) ISR, RDR and TDR.
constexpr std::uint32_t kCr1 = Mcu::kUsart + (Mcu::kUsartV1 ? 0x0C : 0x00);
constexpr std::uint32_t kCr3 = Mcu::kUsart + (Mcu::kUsartV1 ? 0x14 : 0x08);
constexpr std::uint32_t kStatus = Mcu::kUsart + (Mcu::kUsartV1 ? 0x00 : 0x1C);
constexpr std::uint32_t kReceive = Mcu::kUsart + (Mcu::kUsartV1 ? 0x04 : 0x24);
constexpr std::uint32_t kTransmit = Mcu::kUsart + (Mcu::kUsartV1 ? 0x04 : 0x28);
constexpr std::uint32_t kRxne = 1U << 5, kTxe = 1U << 7; // flags and their enables share the bit

void setBits(std::uint32_t address, std::uint32_t bits) { REGISTER(address) = REGISTER(address) | bits; }

void enable(const ClockBit& bit) {
    setBits(bit.address, bit.mask);
    (void)REGISTER(bit.address);
}

} // namespace

// ---- UART

void usartInterrupt() {
    const std::uint32_t status = REGISTER(kStatus);
    if ((status & kRxne) != 0) {
        incoming.keep(REGISTER(kReceive));
    }
    if ((status & kTxe) != 0 && (REGISTER(kCr1) & kTxe) != 0) {
        REGISTER(kTransmit) = outgoing.take();
        outgoing.oneIsGone();
        if (outgoing.left == 0) {
            REGISTER(kCr1) &= ~kTxe;
        }
    }
}

void uartInterruptSend(const char* text, std::size_t length) {
    outgoing.begin(text, length);
    enableIrq(Mcu::kUsartIrq);
    REGISTER(kCr1) |= kTxe;
}

void dmaInterrupt() {
    if constexpr (Mcu::kDmaStreams) {
        constexpr unsigned kShift[] = {0, 6, 16, 22};
        REGISTER(Mcu::kDma + (Mcu::kDmaIndex < 4 ? 0x08 : 0x0C)) = 0x3DU << kShift[Mcu::kDmaIndex % 4]; // LIFCR, HIFCR
    } else {
        REGISTER(Mcu::kDma + 0x04) = 0xFU << (4 * Mcu::kDmaIndex); // IFCR
    }
    REGISTER(kCr3) &= ~(1U << 7);
    outgoing.left = 0;
}

bool uartDmaSend(const char* text, std::size_t length) {
    outgoing.left = 1;
    enable(Mcu::kDmaClock);
    if constexpr (Mcu::kDmaMux != 0) {
        if constexpr (Mcu::kDmaMuxClock.address != 0) {
            enable(Mcu::kDmaMuxClock);
        }
        REGISTER(Mcu::kDmaMux) = Mcu::kDmaRequest;
    }
    enableIrq(Mcu::kDmaIrq);
    if constexpr (Mcu::kDmaStreams) { // RM0090 10.5: CR, NDTR, PAR, M0AR
        constexpr std::uint32_t kStream = Mcu::kDma + 0x10 + 0x18 * Mcu::kDmaIndex;
        REGISTER(kStream + 0x04) = static_cast<std::uint32_t>(length);
        REGISTER(kStream + 0x08) = kTransmit;
        REGISTER(kStream + 0x0C) = reinterpret_cast<std::uintptr_t>(text);
        REGISTER(kStream + 0x00) = (Mcu::kDmaMux != 0 ? 0 : Mcu::kDmaRequest << 25) | 1U << 10 | 1U << 6 |
                                   1U << 4; // MINC, to peripheral, TCIE
        REGISTER(kStream + 0x00) |= 1U;
    } else { // RM0432 11.6: CCR, CNDTR, CPAR, CMAR
        constexpr std::uint32_t kChannel = Mcu::kDma + 0x08 + 20 * Mcu::kDmaIndex;
        if constexpr (Mcu::kDmaMux == 0) { // RM0367 11.4.7: CSELR
            modify(Mcu::kDma + 0xA8, 0xFU << (4 * Mcu::kDmaIndex), Mcu::kDmaRequest << (4 * Mcu::kDmaIndex));
        }
        REGISTER(kChannel + 0x04) = static_cast<std::uint32_t>(length);
        REGISTER(kChannel + 0x08) = kTransmit;
        REGISTER(kChannel + 0x0C) = reinterpret_cast<std::uintptr_t>(text);
        REGISTER(kChannel + 0x00) = 1U << 7 | 1U << 4 | 1U << 1; // MINC, from memory, TCIE
        REGISTER(kChannel + 0x00) |= 1U;
    }
    REGISTER(kCr3) |= 1U << 7; // DMAT
    return true;
}

void uartListen(char* buffer, std::size_t size) {
    incoming.begin(buffer, size);
    enableIrq(Mcu::kUsartIrq);
    REGISTER(kCr1) |= kRxne;
}

// ---- TIM6, the same everywhere

void timerInterrupt() {
    REGISTER(kTim6 + 0x10) = 0; // SR: UIF
    (void)REGISTER(kTim6 + 0x10);
    ticks = ticks + 1;
}

void ticksStart() {
    ticks = 0;
    enable(Mcu::kTim6Clock);
    REGISTER(kTim6 + 0x28) = Mcu::kTimerHz / 1'000'000 - 1; // PSC: 1 MHz
    REGISTER(kTim6 + 0x2C) = 10'000 - 1;                    // ARR: 10 ms
    REGISTER(kTim6 + 0x14) = 1;                             // EGR: take them over
    REGISTER(kTim6 + 0x10) = 0;
    REGISTER(kTim6 + 0x0C) = 1; // DIER: UIE
    enableIrq(Mcu::kTim6Irq);
    REGISTER(kTim6 + 0x00) = 1; // CR1: CEN
}

void ticksStop() { REGISTER(kTim6 + 0x00) = 0; }

// ---- RTC wake-up timer

void wakeupInterrupt() {
    if constexpr (Mcu::kRtcV3) {
        REGISTER(Mcu::kRtc + 0x5C) = 1U << 2; // SCR: CWUTF
    } else {
        REGISTER(Mcu::kRtc + 0x0C) = ~(1U << 10 | 1U << 7); // ISR: WUTF; INIT stays clear
    }
    if constexpr (Mcu::kExtiPending != 0) {
        REGISTER(Mcu::kExtiPending) = 1U << Mcu::kExtiLine;
    }
    awake = true;
}

void wakeupPrepare() {
    for (const ClockBit& clock : Mcu::kRtcClocks) {
        enable(clock);
    }
    REGISTER(Mcu::kPwr) |= 1U << 8; // DBP
    if constexpr (Mcu::kLowSpeed.external) {
        REGISTER(Mcu::kBackup) |= 1U << Mcu::kLowSpeed.on; // LSEON
        waitSet(Mcu::kBackup, 1U << Mcu::kLowSpeed.ready);
    } else {
        REGISTER(Mcu::kLowSpeed.address) |= 1U << Mcu::kLowSpeed.on; // LSION
        waitSet(Mcu::kLowSpeed.address, 1U << Mcu::kLowSpeed.ready);
    }
    modify(Mcu::kBackup, 3U << Mcu::kRtcSelect, (Mcu::kLowSpeed.external ? 1U : 2U) << Mcu::kRtcSelect);
    REGISTER(Mcu::kBackup) |= 1U << Mcu::kRtcEnable;
}

void wakeupStart() {
    awake = false;
    constexpr std::uint32_t kControl = Mcu::kRtc + (Mcu::kRtcV3 ? 0x18 : 0x08);
    REGISTER(Mcu::kRtc + 0x24) = 0xCA; // WPR: unlock
    REGISTER(Mcu::kRtc + 0x24) = 0x53;
    REGISTER(kControl) &= ~(1U << 10);                              // WUTE
    waitSet(Mcu::kRtc + 0x0C, 1U << 2);                             // WUTWF
    modify(kControl, 7U, 0U);                                       // WUCKSEL: RTCCLK / 16
    REGISTER(Mcu::kRtc + 0x14) = Mcu::kLowSpeed.hertz / 16 / 4 - 1; // WUTR: 250 ms
    if constexpr (Mcu::kExtiPending != 0) {
        setBits(Mcu::kExtiRising, 1U << Mcu::kExtiLine);
        setBits(Mcu::kExtiMask, 1U << Mcu::kExtiLine);
    }
    enableIrq(Mcu::kWakeupIrq);
    REGISTER(kControl) |= 1U << 14 | 1U << 10; // WUTIE, WUTE
    REGISTER(Mcu::kRtc + 0x24) = 0xFF;
}
