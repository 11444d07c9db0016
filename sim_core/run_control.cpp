// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/run_control.h"

#include <fmt/format.h>

namespace simprof {

namespace {

constexpr Cycles kCancelEvery = 2'000'000; ///< a tenth of a second or less, in which little memory is taken

} // namespace

void RunControl::begin(const RunLimits& limits, const Clock& clock) {
    m_limits = limits;
    m_limits.until.clear();
    for (const Address address : limits.until) {
        m_limits.until.insert(address & ~1U);
    }
    m_halt.reset();
    m_nextProgress = clock.now() + m_limits.progressEvery;
    m_nextLook = m_limits.look ? m_limits.firstLook : Scheduler::kNever;
    clockChanged(clock);
}

void RunControl::clockChanged(const Clock& clock) {
    m_timeIsUp = m_limits.nanoseconds ? clock.cycleAt(*m_limits.nanoseconds) : Scheduler::kNever;
    lookBy(m_timeIsUp);
}

void RunControl::halt(HaltReason::Kind kind, std::string what, int exitCode) {
    if (!m_halt) {
        m_halt = HaltReason{kind, 0, exitCode, std::move(what), std::nullopt};
    }
}

void RunControl::requestStop(std::string why, HaltReason::Kind kind) {
    m_stopRequest = {kind, std::move(why)};
    m_lookSoon = true;
}

std::optional<std::string> RunControl::takeStop() {
    const auto request = std::exchange(m_stopRequest, std::nullopt);
    return request ? std::optional(request->second) : std::nullopt;
}

void RunControl::requestReset(std::string reason) {
    m_resetRequest = std::move(reason);
    m_lookSoon = true;
}

void RunControl::setDeadline(Cycles now, Cycles event) {
    const Cycles progress = m_limits.progress ? now + m_limits.progressEvery : Scheduler::kNever;
    const Cycles cancel = m_limits.cancel != nullptr ? now + kCancelEvery : Scheduler::kNever;
    m_deadline = std::min({event, limit(), progress, cancel, m_nextLook});
}

void RunControl::moveLimit(Cycles now, Cycles cycles) {
    if (!m_limits.cyclesAreTheGoal && m_limits.cycles != Scheduler::kNever) {
        m_limits.cycles = std::max(m_limits.cycles, now + cycles);
    }
}

bool RunControl::endsSleep(Cycles now) const { return interrupted() || now >= limit(); }

void RunControl::check(Address pc, Cycles now, const FaultReport* fault) {
    if (m_limits.progress && now >= m_nextProgress) {
        m_nextProgress = now + m_limits.progressEvery;
        m_limits.progress();
    }
    if (now >= m_nextLook) {
        m_nextLook = m_limits.look();
    }
    if (auto request = std::exchange(m_stopRequest, std::nullopt)) {
        halt(request->first, std::move(request->second));
    }
    if (cancelled()) {
        halt(HaltReason::Kind::Cancelled, "by request; what was measured so far is kept");
    }
    if (stopsAt(pc)) {
        halt(HaltReason::Kind::Until, fmt::format("reached 0x{:08x}", pc));
    }
    if (now >= m_timeIsUp) {
        halt(HaltReason::Kind::Until, fmt::format("reached {} s", static_cast<double>(*m_limits.nanoseconds) / 1e9));
    }
    if (now >= m_limits.cycles) {
        if (m_limits.cyclesAreTheGoal) {
            halt(HaltReason::Kind::Until, fmt::format("reached cycle {}", m_limits.cycles));
        } else if (fault != nullptr) {
            halt(HaltReason::Kind::Fault, fault->what);
        } else {
            halt(HaltReason::Kind::Limit,
                 fmt::format("still running after {} cycles; raise the limit with --until cycles:N", now));
        }
    }
}

} // namespace simprof
