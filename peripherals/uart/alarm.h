// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/peripheral.h"

#include <functional>
#include <utility>

namespace simprof {

/// A callback at a simulated time, whatever the clock does meanwhile.
class Alarm {
public:
    /// Forgets what was set; `services` are those of the machine from now on.
    void connect(MachineServices& services) {
        m_services = &services;
        m_event = EventId::None;
        m_action = nullptr;
    }
    /// Calls `action` at `nanoseconds` of simulated time, or with the next event when that has passed; replaces what
    /// was set.
    void set(std::uint64_t nanoseconds, std::function<void()> action) {
        m_at = nanoseconds;
        m_action = std::move(action);
        arm();
    }
    void cancel() {
        m_services->cancel(m_event);
        m_event = EventId::None;
        m_action = nullptr;
    }
    /// A reset of the machine has swept all events away: schedules anew what was set.
    void arm() {
        if (!m_action) {
            return;
        }
        m_services->cancel(m_event);
        const std::uint64_t now = m_services->nowNanoseconds();
        m_event = m_services->scheduleAfter(m_at > now ? m_at - now + 1 : 0, [this] { ring(); });
    }

private:
    void ring() {
        m_event = EventId::None;
        if (m_services->nowNanoseconds() < m_at) {
            arm(); // the clock went up
            return;
        }
        const auto action = std::exchange(m_action, nullptr);
        action();
    }

    MachineServices* m_services = nullptr;
    std::uint64_t m_at = 0;
    EventId m_event = EventId::None;
    std::function<void()> m_action;
};

} // namespace simprof
