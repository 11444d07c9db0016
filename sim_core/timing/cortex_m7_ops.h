// SPDX-License-Identifier: GPL-2.0-or-later
/// What the M7's scoreboard must know of one instruction: a pure function of its decoding.
#pragma once
#include "sim_core/decode/decoder.h"

namespace simprof {

/// When registers are read and results appear, relative to the issue cycle; docs/TIMING.md has the sources row by row.
struct M7Op {
    std::uint16_t early = 0;        ///< read in the issue cycle: addresses, shifted operands, bit fields
    std::uint16_t address = 0;      ///< of early: those that make an address
    std::uint16_t late = 0;         ///< read a cycle later: the late ALU
    std::uint16_t multiplicand = 0; ///< read a cycle later, but not straight from the load of the cycle before
    std::uint16_t accumulator = 0;  ///< read two cycles later
    std::uint16_t storeData = 0;    ///< read three cycles later
    std::uint16_t slotBits = 0;     ///< M7Slot::Bit of what it occupies
    std::int8_t latency = 2;        ///< results usable from issue + latency
    std::int8_t cycles = 1;         ///< issue cycles
    bool alone = false;             ///< pairs with nobody
    bool earlyAlu = false;   ///< ADD, SUB, MOV: result a cycle earlier when the operands are there and it is the older
    bool earlyShift = false; ///< a plain shift: the same from either slot
};

M7Op describeM7(const DecodedInsn& d);

} // namespace simprof
