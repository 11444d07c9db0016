// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/timing/core_timing.h"
#include "sim_core/units.h"

#include <array>

namespace simprof {

/// What one owner (a layer, an interrupt, the start-up …) has taken so far.
struct Tally {
    Cycles cycles = 0;
    std::uint64_t instructions = 0;
    std::uint64_t multiplies = 0; ///< instructions that multiply: what a network cannot do without
    std::uint64_t macs = 0;       ///< multiply-accumulates, by the mix of instructions
    std::array<Cycles, kStallCount> stalls{};
    Bytes flashRead = 0;
    Bytes sramRead = 0;
    Bytes sramWrite = 0;
    double nanoseconds = 0; ///< of the cycles up to timedCycles
    Cycles timedCycles = 0; ///< cycles already turned into time at an earlier clock

    /// Turns the cycles since the last call into time at `hertz`.
    void settleTime(double hertz) {
        // Cycles that were counted here at first and belong elsewhere leave fewer than were timed.
        nanoseconds += static_cast<double>(static_cast<std::int64_t>(cycles - timedCycles)) * 1e9 / hertz;
        timedCycles = cycles;
    }

    Tally& operator+=(const Tally& other) { return add(other, false); }
    Tally& operator-=(const Tally& other) { return add(other, true); }

private:
    Tally& add(const Tally& other, bool negative) {
        const auto apply = [negative](auto& to, auto value) { negative ? to -= value : to += value; };
        apply(cycles, other.cycles);
        apply(instructions, other.instructions);
        apply(multiplies, other.multiplies);
        apply(macs, other.macs);
        for (std::size_t i = 0; i < kStallCount; ++i) {
            apply(stalls[i], other.stalls[i]);
        }
        apply(flashRead, other.flashRead);
        apply(sramRead, other.sramRead);
        apply(sramWrite, other.sramWrite);
        apply(nanoseconds, other.nanoseconds);
        apply(timedCycles, other.timedCycles);
        return *this;
    }
};

} // namespace simprof
