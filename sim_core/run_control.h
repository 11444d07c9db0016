// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/clock.h"
#include "sim_core/halt_reason.h"
#include "sim_core/scheduler.h"
#include "sim_core/units.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace simprof {

/// When a run ends, besides exit, faults and eternal waits.
struct RunLimits {
    Cycles cycles = Scheduler::kNever;        ///< at this cycle
    bool cyclesAreTheGoal = false;            ///< reaching them is --until, not a limit hit
    std::optional<std::uint64_t> nanoseconds; ///< when this much simulated time has passed since the start
    std::set<Address> until;                  ///< when a block starts at one of these, with or without the Thumb bit
    const std::atomic<bool>* cancel = nullptr;
    Cycles progressEvery = 20'000'000;
    std::function<void()> progress;
    Cycles firstLook = Scheduler::kNever;
    std::function<Cycles()> look; ///< called at cycle firstLook, and then at the cycles that it answers
};

/// What ends or interrupts a run: limits, stops, requests, and when all of them are looked at next.
class RunControl {
public:
    /// A run begins at the present cycle of `clock`.
    void begin(const RunLimits& limits, const Clock& clock);
    /// The core clock changed: simulated time comes at other cycles.
    void clockChanged(const Clock& clock);

    /// Ends the run; the first reason counts. HaltReason::pc and fault are the machine's to fill in.
    void halt(HaltReason::Kind kind, std::string what, int exitCode = 0);
    const std::optional<HaltReason>& halted() const { return m_halt; }

    /// Ends the run at the next block boundary.
    void requestStop(std::string why, HaltReason::Kind kind = HaltReason::Kind::Until);
    /// Resets the MCU at the next block boundary.
    void requestReset(std::string reason);
    std::optional<std::string> takeStop();
    std::optional<std::string> takeReset() { return std::exchange(m_resetRequest, std::nullopt); }

    /// Exceptions, strictness or requests changed: the engine stops at the next block boundary.
    void lookSoon(bool because = true) { m_lookSoon |= because; }
    void looked() { m_lookSoon = false; }
    bool mustLook() const { return m_lookSoon; }
    /// The engine runs on to cycle `event`, a limit or the next progress call, whichever comes first.
    void setDeadline(Cycles now, Cycles event);
    /// Something has to happen at cycle `event`.
    void lookBy(Cycles event) { m_deadline = std::min(m_deadline, event); }
    Cycles deadline() const { return m_deadline; }
    bool isDue(Cycles now) const { return m_lookSoon || now >= m_deadline; }

    bool stopsAt(Address pc) const { return m_limits.until.contains(pc); }
    Cycles limit() const { return std::min(m_limits.cycles, m_timeIsUp); }
    /// Cycle at which the simulated time of the run is up at the present clock, or kNever.
    Cycles timeIsUp() const { return m_timeIsUp; }
    /// The firmware made progress: a limit that is no goal moves to `cycles` from `now`.
    void moveLimit(Cycles now, Cycles cycles);
    /// Whether a stop, a reset or a cancel waits to be looked at.
    bool interrupted() const { return m_resetRequest || m_stopRequest || cancelled(); }
    /// Should a core that sleeps stop to wait at `now`?
    bool endsSleep(Cycles now) const;
    /// Calls progress and look, and halts at `pc` if something asks for it; `fault`: the one whose handler runs, or
    /// nullptr.
    void check(Address pc, Cycles now, const FaultReport* fault);

private:
    bool cancelled() const { return m_limits.cancel != nullptr && m_limits.cancel->load(std::memory_order_relaxed); }

    bool m_lookSoon = false;
    Cycles m_timeIsUp = Scheduler::kNever;
    Cycles m_deadline = 0; ///< nothing has to be looked at before this cycle
    RunLimits m_limits;
    Cycles m_nextProgress = 0;
    Cycles m_nextLook = Scheduler::kNever;
    std::optional<std::string> m_resetRequest;
    std::optional<std::pair<HaltReason::Kind, std::string>> m_stopRequest;
    std::optional<HaltReason> m_halt;
};

} // namespace simprof
