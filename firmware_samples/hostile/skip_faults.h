// SPDX-License-Identifier: GPL-2.0-or-later
// A handler that goes on behind the instruction that faulted: hostile programs do not stop at their first fault.
#pragma once
#include <cstdint>

extern "C" __attribute__((used)) inline void skipFaultingInstruction(std::uint32_t* frame) {
    constexpr unsigned kPc = 6; // of the eight words that the core stacked
    const auto first = *reinterpret_cast<const std::uint16_t*>(frame[kPc]);
    frame[kPc] += first >= 0xE800 ? 4 : 2; // DDI 0403, A5.1: what begins so has 32 bits
}

/// Defines HardFault_Handler; once in a program.
#define SKIP_FAULTS()                                                                                                  \
    extern "C" __attribute__((naked)) void HardFault_Handler() {                                                       \
        asm volatile("mrs r0, msp\n"                                                                                   \
                     "b skipFaultingInstruction");                                                                     \
    }
