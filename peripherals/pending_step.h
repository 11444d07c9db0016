// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/peripheral.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace simprof {

/// The one thing a device waits for: the end of a byte on a bus or of a conversion, the next tick that matters.
class PendingStep {
public:
    explicit PendingStep(MachineServices& services)
        : m_services(services) {}
    PendingStep(const PendingStep&) = delete;
    PendingStep& operator=(const PendingStep&) = delete;

    bool pending() const { return m_event != EventId::None; }
    void cancel() {
        m_services.cancel(m_event);
        m_event = EventId::None;
    }
    // Each replaces what was pending; while `action` runs nothing is pending any more.

    /// Calls `action` at a core cycle.
    template<class Action>
    void at(Cycles cycle, Action action) {
        cancel();
        m_event = m_services.scheduleAt(cycle, once(std::move(action)));
    }
    /// Calls `action` when so many core cycles have passed, at least one.
    template<class Action>
    void after(double cycles, Action action) {
        const auto whole = static_cast<Cycles>(std::llround(cycles));
        at(m_services.now() + std::max<Cycles>(whole, 1), std::move(action));
    }
    /// Calls `action` after so much simulated time at the present clock.
    template<class Action>
    void afterNanoseconds(std::uint64_t nanoseconds, Action action) {
        cancel();
        m_event = m_services.scheduleAfter(nanoseconds, once(std::move(action)));
    }

private:
    template<class Action>
    auto once(Action action) {
        return [this, action = std::move(action)] {
            m_event = EventId::None;
            action();
        };
    }

    MachineServices& m_services;
    EventId m_event = EventId::None;
};

} // namespace simprof
