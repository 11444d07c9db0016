// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <vector>

namespace simprof {

/// A trigger output (TRGO of a timer) that starts conversions or other timers.
class TriggerSource {
public:
    virtual ~TriggerSource() = default;
    void onTrigger(std::function<void()> action) { m_listeners.push_back(std::move(action)); }

protected:
    void fire();
    bool hasListeners() const { return !m_listeners.empty(); }

private:
    std::vector<std::function<void()>> m_listeners;
};

} // namespace simprof
