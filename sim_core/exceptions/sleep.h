// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/clock.h"
#include "sim_core/exceptions/core.h"
#include "sim_core/memory/bus.h"
#include "sim_core/run_control.h"
#include "sim_core/scheduler.h"

#include <algorithm>
#include <functional>
#include <string>

namespace simprof {

/// The core's waiting: WFI and WFE.
class Sleep {
public:
    Sleep(Core& core, Bus& bus, Clock& clock, Scheduler& scheduler, RunControl& control)
        : m_core(core)
        , m_bus(bus)
        , m_clock(clock)
        , m_scheduler(scheduler)
        , m_control(control) {}

    /// Lets time pass until an interrupt wakes the core; halts the run when none can.
    void waitForInterrupt();
    /// The same for events.
    void waitForEvent();
    /// Could SysTick or an external interrupt still preempt what runs now under these masks?
    bool anyInterruptCanCome(const PriorityMasks& masks) const;
    /// Cycle at which a core that waits has to be looked at next: an event, or the end of the run's time; or kNever.
    Cycles nextEvent() const { return std::min(m_scheduler.next(), m_control.timeIsUp()); }

    /// Why no interrupt comes under these masks, when none does: "no interrupt is enabled".
    std::string whyNoInterrupt(const PriorityMasks& masks) const;

private:
    struct Wait {
        const char* instruction;
        const char* wakes = ""; ///< what does besides interrupts
    };
    void sleepUntil(const std::function<bool()>& awake, const std::function<bool()>& canWake, const Wait& wait);

    PriorityMasks unmasked() const;

    Core& m_core;
    Bus& m_bus;
    Clock& m_clock;
    Scheduler& m_scheduler;
    RunControl& m_control;
};

} // namespace simprof
