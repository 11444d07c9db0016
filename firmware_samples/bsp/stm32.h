// SPDX-License-Identifier: GPL-2.0-or-later
// What the STM32 families share: GPIO ports with MODER/AFR, and the second generation of the USART.
#pragma once

#include "bsp/cortex_m.h"

/// Gives pin `pin` of the GPIO port at `port` to alternate function `function`, at high speed.
inline void gpioAlternate(std::uint32_t port, unsigned pin, unsigned function) {
    const std::uint32_t afr = port + 0x20 + 4 * (pin / 8); // AFRL, AFRH
    modify(afr, 0xFU << (4 * (pin % 8)), function << (4 * (pin % 8)));
    modify(port + 0x08, 3U << (2 * pin), 2U << (2 * pin)); // OSPEEDR
    modify(port + 0x00, 3U << (2 * pin), 2U << (2 * pin)); // MODER: alternate function
}

/// The USART or LPUART of L0, L4, G0, F7 and H7 at `base`: transmitter and receiver on, 8N1.
inline void usartStart(std::uint32_t base, std::uint32_t brr) {
    REGISTER(base + 0x00) = 0;      // CR1: off while BRR changes
    REGISTER(base + 0x0C) = brr;    // BRR
    REGISTER(base + 0x00) = 0xC;    // CR1: TE, RE
    REGISTER(base + 0x00) = 0xD;    // CR1: and UE
    waitSet(base + 0x1C, 1U << 21); // ISR: TEACK
}

/// Waits for TXE, then sends one byte.
inline void usartSend(std::uint32_t base, char byte) {
    waitSet(base + 0x1C, 1U << 7); // ISR: TXE
    REGISTER(base + 0x28) = static_cast<std::uint8_t>(byte);
}

/// Waits until the last stop bit is out; at once while the USART is off.
inline void usartFlush(std::uint32_t base) {
    if ((REGISTER(base + 0x00) & 1U) != 0) { // CR1: UE
        waitSet(base + 0x1C, 1U << 6);       // ISR: TC
    }
}

/// USART_BRR for 115200 baud at 16 times oversampling, rounded to the nearest.
constexpr std::uint32_t usartBrr(std::uint32_t clockHz) { return (clockHz + 57'600) / 115'200; }
