// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/exceptions/sleep.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof {

void Sleep::sleepUntil(const std::function<bool()>& awake, const std::function<bool()>& canWake,
                       const char* instruction) {
    const Cycles start = m_clock.now();
    const bool deep = m_core.scs.sleepDeep() && !awake();
    if (deep) {
        m_bus.deepSleep(true);
    }
    while (!awake()) {
        if (nextEvent() == Scheduler::kNever || !canWake()) {
            m_control.halt(HaltReason::Kind::WaitsForever,
                           fmt::format("waits in {} at 0x{:08x} and nothing is left that could wake it", instruction,
                                       m_core.state.pc));
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

void Sleep::waitForInterrupt() {
    const auto unmasked = [this] { // WFI also ends for an interrupt that only PRIMASK holds back
        PriorityMasks now = m_core.masks();
        now.primask = false;
        return now;
    };
    sleepUntil([this] { return m_core.scs.nvic().wakesUp(m_core.masks()); },
               [&] { return anyInterruptCanCome(unmasked()); }, "WFI");
}

void Sleep::waitForEvent() {
    Nvic& nvic = m_core.scs.nvic();
    bool& eventRegister = m_core.state.eventRegister;
    const auto awake = [&] {
        eventRegister |= nvic.takeRose() && m_core.scs.sevOnPend();
        return eventRegister || nvic.preempting(m_core.masks()).has_value();
    };
    if (!awake()) {
        sleepUntil(
            awake, [] { return true; }, "WFE"); // events also come from devices
    }
    eventRegister = false;
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
