// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/event_listener.h"
#include "sim_core/timing/core_timing.h"
#include "sim_core/timing/timing_changes.h"
#include "sim_core/units.h"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace simprof {

/// Simulated time of one machine: its cycles, the clocks they were counted at, what they were spent on, and who
/// listens.
class Clock {
public:
    /// `other`: a clock that counts as another one.
    explicit Clock(Hertz hertz, OtherClock other = {});

    /// Cycle at which the running block began.
    Cycles now() const { return m_now; }
    Hertz hertz() const { return m_present.hertz; }
    /// Simulated nanoseconds from the start to `cycle`: the sum of cycles at the clock then in force.
    std::uint64_t nanosecondsAt(Cycles cycle) const;
    /// The first cycle by which so much simulated time has passed, if the present clock stays.
    Cycles cycleAt(std::uint64_t nanoseconds) const;
    /// In cycles of the present clock, rounded up.
    Cycles cyclesOf(std::uint64_t nanoseconds) const;
    /// The first kMostChanges clocks, each with the cycle at which it came into force. Behind them nanosecondsAt() is
    /// exact from the present clock on, and a mean before it.
    const std::vector<std::pair<Cycles, Hertz>>& clocks() const { return m_clocks; }
    std::uint64_t changesLeftOut() const { return m_changesLeftOut; }
    static constexpr std::size_t kMostChanges = 10'000;
    /// The core runs at `hertz` from cycle `at` on, which may lie inside the running block. 0 changes nothing.
    void setHertz(Hertz hertz, Cycles at);

    /// `cycles` pass for one reason that no block accounts for.
    void spend(Stall stall, Cycles cycles) {
        m_now += cycles;
        m_stalls[static_cast<std::size_t>(stall)] += cycles;
    }
    /// `cycles` of a block pass; their reasons come with addCost().
    void passBlock(Cycles cycles) { m_now += cycles; }
    /// `block` ran `times` for `owner` at `cost` each; its cycles have passed.
    void addCost(const Block& block, const BlockCost& cost, std::uint64_t times, std::uint32_t owner);

    /// Settled so far; see CoreTiming::settle().
    Cycles spentOn(Stall stall) const { return m_stalls[static_cast<std::size_t>(stall)]; }
    std::uint64_t instructions() const { return m_instructions; }

    /// nullptr: nobody.
    void setListener(EventListener* listener);
    EventListener& listener() { return *m_listener; }

private:
    Hertz counted(Hertz hertz) const { return hertz == m_other.from && m_other.to != 0 ? m_other.to : hertz; }

    OtherClock m_other;
    Cycles m_now = 0;
    std::uint64_t m_instructions = 0;
    std::array<Cycles, kStallCount> m_stalls{};
    /// A clock and when it came into force.
    struct Present {
        Cycles since = 0;
        std::uint64_t nanoseconds = 0;
        Hertz hertz = 0;
    };
    Present m_present;
    std::vector<std::pair<Cycles, Hertz>> m_clocks;
    std::vector<std::uint64_t> m_nanoseconds; ///< at which each of m_clocks came into force
    std::uint64_t m_changesLeftOut = 0;
    EventListener* m_listener;
};

} // namespace simprof
