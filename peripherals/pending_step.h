// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/peripheral.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace simprof {

/// The one thing a device is busy with, such as a byte on a bus or a conversion.
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
    /// Calls `action` when so many core cycles have passed, at least one; replaces what was pending. In the call
    /// nothing is pending any more.
    void after(double cycles, std::function<void()> action) {
        cancel();
        const auto whole = static_cast<Cycles>(std::llround(cycles));
        m_event = m_services.scheduleAt(m_services.now() + std::max<Cycles>(whole, 1), [this, run = std::move(action)] {
            m_event = EventId::None;
            run();
        });
    }

private:
    MachineServices& m_services;
    EventId m_event = EventId::None;
};

} // namespace simprof
