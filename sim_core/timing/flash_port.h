// SPDX-License-Identifier: GPL-2.0-or-later
/// Flash interfaces of M0, M0+ and M4 parts: how long fetches and reads take, inside a timeline.
#pragma once
#include "sim_core/timing/flash_front.h"

namespace simprof {

/// The interface's momentary state between blocks. Units are counted from the memory's first when a block is left, and
/// from the block's first when one is entered.
struct PortState {
    static constexpr std::int32_t kNone = -1;
    std::int32_t current = kNone;  ///< unit read last
    std::int32_t prefetch = kNone; ///< unit that the prefetch buffer holds or waits for
    static constexpr std::int16_t kLongIdle = -8;
    std::int16_t busy = kLongIdle; ///< last cycle in which the array works, relative to the next block's start
    bool jumped = false;           ///< the next fetch does not follow the one before
    bool prefetching = false;      ///< the array works, or worked last, for a prefetch
    FetchLines buffer;             ///< of interfaces that have one
    bool operator==(const PortState&) const = default;
    std::uint64_t hash(std::uint64_t seed) const {
        seed = mixHash(seed, static_cast<std::uint64_t>(static_cast<std::uint32_t>(current)) << 32 |
                                 static_cast<std::uint32_t>(prefetch));
        for (const FetchLines::Line& line : buffer.lines) {
            seed =
                mixHash(seed, static_cast<std::uint64_t>(static_cast<std::uint32_t>(line.number)) << 32 | line.valid);
        }
        return mixHash(seed, static_cast<std::uint16_t>(busy) | std::uint64_t{jumped} << 16 |
                                 std::uint64_t{prefetching} << 17);
    }

    /// As a block with this plan sees it: what is out of its reach is dropped.
    PortState enter(const FetchPlan& plan) const {
        PortState state;
        state.busy = busy;
        state.jumped = jumped;
        state.prefetching = prefetching;
        state.buffer = buffer;
        if (plan.system < 0) {
            return state;
        }
        if (current == static_cast<std::int32_t>(plan.firstUnit)) {
            state.current = 0;
        }
        const std::int32_t ahead = prefetch - static_cast<std::int32_t>(plan.firstUnit);
        if (prefetch != kNone && ahead >= 0 && ahead < static_cast<std::int32_t>(plan.units + plan.aheadUnits)) {
            state.prefetch = ahead;
        }
        return state;
    }
};

/// The interface during one timeline. Times are cycles from the block's start; units count from the block's first.
class FlashPort {
public:
    /// `code`, `data`: what fetches and data reads go to; null: zero wait.
    FlashPort(const FlashSystem* code, const FlashSystem* data, const FetchPlan& plan, const Situation& situation,
              const PortState& state);

    /// Wait states of a fetch of `unit` whose address phase is at `at`.
    int fetch(int at, int unit);
    /// Wait states of a fetch from a conditional branch's target, far from the block, that will not be used; `missing`:
    /// not cached.
    int fetchSpeculatively(int at, int unit, bool missing);
    /// Wait states of a data read of class `dataClass` at `at`; `behindRead`: right behind another flash read.
    int read(int at, DataClass dataClass, bool behindRead);
    /// `branched`: the next fetch is a branch's target.
    PortState exit(int end, bool branched) const;
    FetchFootprint footprint() const {
        return {static_cast<unsigned>(m_lastUnit + 1), m_fromPrefetch, m_speculationFilled};
    }

private:
    void startPrefetch(int at, int unit);
    FetchLines bufferAfter() const;
    const FlashSystem* m_system;
    const FlashSystem* m_data;
    const FetchPlan& m_plan;
    const Situation& m_situation;
    const FetchLines& m_buffer; ///< before
    std::uint64_t m_fromPrefetch = 0;
    static constexpr int kNone = -1000;
    int m_current = kNone;
    int m_prefetch = kNone;
    int m_prefetchStart = kNone;
    int m_busyUntil = kNone; ///< last cycle in which the array works
    int m_lastUnit = -1;
    bool m_prefetching = false; ///< the array works, or worked last, for a prefetch
    bool m_speculationFilled = false;
    bool m_jumped; ///< the next fetch does not follow the one before
};

} // namespace simprof
