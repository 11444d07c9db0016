// SPDX-License-Identifier: GPL-2.0-or-later
/// What the exact (slow) timelines of the cores take and give; the memo engine runs them once per distinct situation.
#pragma once
#include "sim_core/decode/match_accesses.h"
#include "sim_core/timing/core_timing.h"

#include <cstdint>
#include <vector>

namespace simprof {

/// Mixes `value` into a running 64-bit hash.
inline std::uint64_t mixHash(std::uint64_t hash, std::uint64_t value) {
    hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
    return hash ^ (hash >> 29);
}

/// What a hash speaks of, so that equal bits of different things do not meet.
namespace hash_of {
inline constexpr std::uint64_t kFetch = 0x9D39247E33776D41u, kTarget = 0x2AF7398005AAA5C7u, kData = 0x44DB015024623547u,
                               kMispredict = 0x9C15F73E62A76AE2u;
} // namespace hash_of

/// What one data access met, in a byte; 0 is an aligned zero-wait access that happened.
namespace access_code {
inline constexpr std::uint8_t kAbsent = 0xFF;    ///< predicated out, or a store-exclusive that failed
inline constexpr std::uint8_t kClassMask = 0x07; ///< core-specific: where the access went
inline constexpr std::uint8_t kMisalignedShift = 4;
inline constexpr std::uint8_t kMisalignedMask = 0x30; ///< extra transfers that misalignment costs
} // namespace access_code

/// The part of one execution that is not a property of the code: all that a timeline may depend on besides its entry
/// state.
struct Situation {
    bool targetMissing = false;           ///< the target of a branch that is not taken is not cached (M4)
    bool taken = false;                   ///< execution did not go on behind the block
    bool mispredicted = false;            ///< of the branch that ends the block (M7)
    std::vector<std::uint64_t> fetchMiss; ///< a bit per fetch unit from the block's first: not cached
    std::vector<std::uint8_t> codes;      ///< access_code of each slot
    bool unitMissing(unsigned unit) const {
        return unit / 64 >= fetchMiss.size() || (fetchMiss[unit / 64] >> (unit % 64) & 1);
    }
};

/// What one slot's code adds to the hash of all.
inline std::uint64_t slotHash(std::size_t slot, std::uint8_t code) {
    return code == 0 ? 0 : mixHash(hash_of::kData, slot << 8 | code);
}

/// What a timeline asked of the flash interface's instruction cache.
struct FetchFootprint {
    unsigned units = 0; ///< from the block's first
    std::uint64_t fromPrefetch =
        0; ///< of the first 64, those that the prefetch buffer delivered and the cache does not keep
    bool targetFilled = false; ///< the target of a branch that was not taken was read from the array
    bool operator==(const FetchFootprint&) const = default;
};

/// `cycles` of instruction `insn` that passed for the reason `stall`.
struct Charge {
    std::uint16_t insn = 0;
    Stall stall = Stall::Issue;
    std::int32_t cycles = 0;
};

/// One run of a timeline.
template<class State>
struct TimelineResult {
    std::uint32_t cycles = 0;
    std::vector<Charge> charges;           ///< sum to cycles
    std::vector<std::int32_t> accessStart; ///< per slot, cycles from the block's start
    FetchFootprint footprint;
    unsigned folded = 0; ///< instructions folded to no cycle of their own
    State exit{};

    void clear() {
        cycles = 0;
        charges.clear();
        accessStart.clear();
        footprint = {};
        folded = 0;
        exit = State{};
    }
    void charge(std::size_t insn, Stall stall, int count) {
        if (count != 0) {
            charges.push_back({static_cast<std::uint16_t>(insn), stall, count});
        }
    }
};

} // namespace simprof
