// SPDX-License-Identifier: GPL-2.0-or-later
// UART by interrupt on a PrimeCell UART (ARM DDI 0183G 3.3): RP2040 and Apollo3. The transmit interrupt comes while the
// FIFO falls through its level; what fits is written before.
#pragma once

#include "devices/interrupts.h"

template<std::uint32_t kBase>
struct Pl011 {
    static constexpr std::uint32_t kDr = kBase + 0x00, kFr = kBase + 0x18, kImsc = kBase + 0x38, kMis = kBase + 0x40,
                                   kIcr = kBase + 0x44;
    static constexpr std::uint32_t kRx = 1U << 4, kTx = 1U << 5, kRxTimeout = 1U << 6; // in IMSC, MIS and ICR

    void fill() {
        while (outgoing.left != 0 && (REGISTER(kFr) & 1U << 5) == 0) { // TXFF
            REGISTER(kDr) = outgoing.take();
            outgoing.oneIsGone();
        }
    }

    void send(const char* text, std::size_t length) {
        outgoing.begin(text, length);
        fill();
        REGISTER(kImsc) |= kTx;
    }

    void listen(char* buffer, std::size_t size) {
        incoming.begin(buffer, size);
        REGISTER(kImsc) |= kRx | kRxTimeout;
    }

    void interrupt() {
        const std::uint32_t status = REGISTER(kMis);
        REGISTER(kIcr) = status;
        if ((status & kTx) != 0) {
            fill();
            if (outgoing.left == 0) {
                REGISTER(kImsc) &= ~kTx;
            }
        }
        while ((status & (kRx | kRxTimeout)) != 0 && (REGISTER(kFr) & 1U << 4) == 0) { // RXFE
            incoming.keep(REGISTER(kDr));
        }
    }
};
