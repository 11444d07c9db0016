// SPDX-License-Identifier: GPL-2.0-or-later
// What the interrupt handlers of this sample have done so far; interrupts.cpp tells it to main.cpp.
#pragma once

#include "bsp/cortex_m.h"

#include <cstddef>

inline void enableIrq(unsigned irq) { NVIC_ISER(irq / 32) = 1U << (irq % 32); }

/// The text on its way out; a DMA transfer counts as one byte.
struct Outgoing {
    volatile std::size_t left = 0;
    const char* volatile next = nullptr;

    void begin(const char* text, std::size_t length) {
        next = text;
        left = length;
    }
    /// The next byte, which is still counted in `left`.
    std::uint8_t take() {
        const char byte = *next;
        next = next + 1;
        return static_cast<std::uint8_t>(byte);
    }
    void oneIsGone() { left = left - 1; }
};
inline Outgoing outgoing;

/// What was received; bytes behind the end of the buffer are lost.
struct Incoming {
    char* buffer = nullptr;
    std::size_t size = 0;
    volatile std::size_t heard = 0;

    void begin(char* memory, std::size_t bytes) {
        buffer = memory;
        size = bytes;
        heard = 0;
    }
    void keep(std::uint32_t byte) {
        if (heard < size) {
            buffer[heard] = static_cast<char>(byte);
            heard = heard + 1;
        }
    }
};
inline Incoming incoming;

inline volatile std::uint32_t ticks = 0;
inline volatile bool awake = false;
