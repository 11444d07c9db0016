// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/timing/flash_port.h"
#include "sim_core/timing/timeline.h"

namespace simprof {

/// The M4's pipeline between blocks; times are relative to the cycle in which the next instruction could execute.
struct M4State {
    std::int16_t busNext = -3;           ///< next free address phase; after a branch: the target's
    std::int16_t decodeFloor = -8;       ///< the next instruction enters decode no earlier
    std::int16_t arrival[3] = {0, 0, 0}; ///< of the words asked for, from the one with the next instruction
    std::int16_t freed[3] = {-8, -8,
                             -8}; ///< when the places of those words, and of words not yet asked for, became free
    std::int16_t fpBusy = 0, fpResultAt = 0;
    std::uint16_t loaded = 0;   ///< registers that the load just before writes
    std::uint16_t computed = 0; ///< registers that the data processing just before writes, or a store writes back
    std::uint32_t fpResult = 0; ///< FP registers that the FP instruction before writes late
    std::int8_t words = 0;
    bool redirected = true;
    bool loadBefore = false;
    bool loadRun = false;
    bool flashReadBefore = false;
    bool fpCompared = false;
    bool storeBefore = false; ///< a store of one register
    PortState port;

    bool operator==(const M4State&) const = default;
    std::uint64_t hash() const {
        const auto u = [](std::int16_t v) { return static_cast<std::uint64_t>(static_cast<std::uint16_t>(v)); };
        std::uint64_t h = u(busNext) | u(decodeFloor) << 16 | u(fpBusy) << 32 | u(fpResultAt) << 48;
        h = mixHash(h, u(arrival[0]) | u(arrival[1]) << 16 | u(arrival[2]) << 32 | std::uint64_t{loaded} << 48);
        h = mixHash(h, u(freed[0]) | u(freed[1]) << 16 | u(freed[2]) << 32 | std::uint64_t{computed} << 48);
        h = mixHash(h, fpResult | static_cast<std::uint64_t>(words) << 32 | std::uint64_t{redirected} << 40 |
                           std::uint64_t{loadBefore} << 41 | std::uint64_t{flashReadBefore} << 42 |
                           std::uint64_t{fpCompared} << 43 | std::uint64_t{loadRun} << 44 |
                           std::uint64_t{storeBefore} << 45);
        return port.hash(h);
    }
};

} // namespace simprof
