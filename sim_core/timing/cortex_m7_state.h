// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/timing/timeline.h"

#include <array>
#include <cstring>

namespace simprof {

/// What issues in one cycle as far as the younger slot must know it.
struct M7Slot {
    enum Bit : std::uint16_t {
        Open = 1, ///< one instruction has issued and another may join it
        Multiply = 2,
        Load = 4,
        Store = 8,
        Branch = 16,
        BitOrDsp = 32,      ///< bit field, extend, DSP: one a cycle, older slot
        InlineShift = 64,   ///< shifted operand or shifted constant
        EarlyShifter = 128, ///< bit field, REV, PKH, extend-and-add: not with an InlineShift
        ShiftInsn = 256,
        FpArithmetic = 512,
        FpMac = 1024,
        FpMove = 2048, ///< VLDR, VSTR, VMOV: not with a MAC
    };
    std::uint16_t bits = 0;
    bool operator==(const M7Slot&) const = default;
};

/// The scoreboard between blocks; times are relative to the next free issue cycle. Plain bytes without padding that
/// differs.
struct M7State {
    std::array<std::int8_t, 16> ready{};        ///< R0…R14: result usable from; [15] flags
    std::array<std::int8_t, 32> fpReady{};      ///< S0…S31 as arithmetic operand
    std::array<std::int8_t, 32> fpAccumulate{}; ///< as accumulator
    std::array<std::int8_t, 32> fpStore{};      ///< as store data
    std::uint16_t loaded = 0;                   ///< of ready: results of loads
    M7Slot older;                               ///< what issued in the cycle before, when a younger may still join
    std::int16_t flagsSet = -32;                ///< when the flags were set last
    std::int16_t fpMacUntil = 0;                ///< until then no VADD, VLDM, VLDR.D after an FMA
    std::int16_t fpBusy = 0;                    ///< VDIV, VSQRT
    std::array<std::int16_t, 4> memoryBusy{};   ///< by memory: its array works until
    std::array<std::int16_t, 2> fillDone{};     ///< background line fills of stores

    bool operator==(const M7State& other) const { return std::memcmp(this, &other, sizeof *this) == 0; }
    std::uint64_t hash() const {
        std::uint64_t h = 1;
        const auto* bytes = reinterpret_cast<const unsigned char*>(this);
        for (std::size_t i = 0; i + 8 <= sizeof *this; i += 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, bytes + i, 8);
            h = mixHash(h, word);
        }
        std::uint64_t tail = 0;
        std::memcpy(&tail, bytes + sizeof *this / 8 * 8, sizeof *this % 8);
        return mixHash(h, tail);
    }
};

static_assert(sizeof(M7State) == 16 + 3 * 32 + 2 + 2 + 3 * 2 + 8 + 4, "no padding: the state is compared as bytes");

} // namespace simprof
