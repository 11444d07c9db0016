// SPDX-License-Identifier: GPL-2.0-or-later
// The groups of checks of the fpu sample.
#pragma once

#include <bit>
#include <cstdint>

void checkSinglePrecision();
void checkRoundingAndFlags();
void checkConversions();
void checkDoublePrecision();
void checkStacking();

inline std::uint32_t readFpscr() {
    std::uint32_t value;
    asm volatile("vmrs %0, fpscr" : "=r"(value));
    return value;
}

inline void writeFpscr(std::uint32_t value) { asm volatile("vmsr fpscr, %0" ::"r"(value) : "memory"); }
