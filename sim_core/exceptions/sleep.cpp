// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/exceptions/sleep.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace simprof {

namespace {

/// Where the core waits that goes on at `pc`: at the WFI or WFE in front of it, or there when it sleeps on exit.
Address waitingPlace(const Bus& bus, Address pc) {
    const auto low = bus.peek(pc - 2);
    const bool isWait = bus.peek(pc - 1) == 0xBF && (low == 0x20 || low == 0x30);
    return isWait ? pc - 2 : pc;
}

} // namespace

void Sleep::sleepUntil(const std::function<bool()>& awake, const std::function<bool()>& canWake, const Wait& wait) {
    const Cycles start = m_clock.now();
    const bool deep = m_core.scs.sleepDeep() && !awake();
    if (deep) {
        m_bus.deepSleep(true);
    }
    while (!awake()) {
        if (nextEvent() == Scheduler::kNever || !canWake()) {
            m_control.halt(HaltReason::Kind::WaitsForever,
                           fmt::format("waits in {} at 0x{:08x} and nothing is left that could wake it: {}{}",
                                       wait.instruction, waitingPlace(m_bus, m_core.state.pc), wait.wakes,
                                       whyNoInterrupt(unmasked())));
            break;
        }
        const Cycles next = std::min(m_scheduler.next(), m_control.limit());
        m_clock.spend(Stall::Sleep, std::max(m_clock.now(), next) - m_clock.now());
        m_scheduler.runDue(m_clock.now());
        if (m_control.endsSleep(m_clock.now())) {
            break;
        }
    }
    if (deep) {
        m_bus.deepSleep(false);
    }
    if (m_clock.now() != start) {
        m_clock.listener().slept(start, m_clock.now() - start, m_core.scs.sleepDeep());
    }
    m_control.lookSoon();
}

/// WFI also ends for an interrupt that only PRIMASK holds back.
PriorityMasks Sleep::unmasked() const {
    PriorityMasks now = m_core.masks();
    now.primask = false;
    return now;
}

void Sleep::waitForInterrupt() {
    sleepUntil([this] { return m_core.scs.nvic().wakesUp(m_core.masks()); },
               [this] { return anyInterruptCanCome(unmasked()); }, {"WFI"});
}

void Sleep::waitForEvent() {
    Nvic& nvic = m_core.scs.nvic();
    bool& eventRegister = m_core.state.eventRegister;
    const auto awake = [&] {
        eventRegister |= nvic.takeRose() && m_core.scs.sevOnPend();
        return eventRegister || nvic.preempting(m_core.masks()).has_value();
    };
    if (!awake()) {
        sleepUntil(awake, [] { return true; }, // events also come from devices
                   {"WFE", "an event would, but nobody is about to send one; "});
    }
    eventRegister = false;
}

namespace {

std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t kMost = 4;
    const std::vector<std::string> first(names.begin(),
                                         names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kMost)));
    return fmt::format("{}{}", fmt::join(first, ", "),
                       names.size() > kMost ? fmt::format(" and {} more", names.size() - kMost) : "");
}

} // namespace

std::string Sleep::whyNoInterrupt(const PriorityMasks& masks) const {
    const Nvic& nvic = m_core.scs.nvic();
    const int priority = nvic.executionPriority(masks);
    std::vector<std::string> quiet; // enabled, but nobody raises them
    std::vector<std::string> held;
    const auto add = [&](unsigned number) {
        (nvic.groupPriority(number) < priority ? quiet : held).push_back(m_core.exceptionName(number));
    };
    if (m_core.scs.sysTickComes()) {
        add(exception::kSysTick);
    }
    for (unsigned number = exception::kFirstIrq; number < exception::kFirstIrq + nvic.irqCount(); ++number) {
        if (nvic.enabled(number)) {
            add(number);
        }
    }
    if (quiet.empty() && held.empty()) {
        return "no interrupt is enabled";
    }
    std::string why;
    if (!quiet.empty()) {
        why = fmt::format("{} would, but no device is about to raise {}", listed(quiet),
                          quiet.size() == 1 ? "it" : "one of them");
    }
    if (!held.empty()) {
        const char* by = masks.primask        ? "PRIMASK"
                         : masks.faultmask    ? "FAULTMASK"
                         : masks.basepri != 0 ? "BASEPRI"
                                              : "the handler that runs";
        why += fmt::format("{}{} holds {} back", why.empty() ? "" : "; ", by, listed(held));
    }
    return why;
}

bool Sleep::anyInterruptCanCome(const PriorityMasks& masks) const {
    const Nvic& nvic = m_core.scs.nvic();
    const int priority = nvic.executionPriority(masks);
    const auto preempts = [&](unsigned number) {
        return nvic.enabled(number) && nvic.groupPriority(number) < priority;
    };
    for (unsigned number = exception::kFirstIrq; number < exception::kFirstIrq + nvic.irqCount(); ++number) {
        if (preempts(number)) {
            return true;
        }
    }
    return (m_core.scs.sysTickComes() && preempts(exception::kSysTick)) ||
           (nvic.pending(exception::kPendSv) && preempts(exception::kPendSv));
}

} // namespace simprof
