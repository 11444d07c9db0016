// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile_run.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace simprof {

/// Watches what a run takes of the host, and whether somebody asked to end it. A run that takes too much, or the last
/// of the host's memory, ends as if it had been cancelled. One at a time.
class HostWatch {
public:
    /// `cancel` may be null.
    HostWatch(const RunHostLimits& limits, const std::atomic<bool>* cancel);
    ~HostWatch();
    HostWatch(const HostWatch&) = delete;
    HostWatch& operator=(const HostWatch&) = delete;

    /// Becomes true when the run is to end.
    const std::atomic<bool>* cancel() const { return &m_cancel; }
    /// Which limit ended it; nothing when somebody asked.
    std::optional<std::string> why() const;

private:
    enum class Limit : std::uint8_t { None, Time, Memory, Exhausted };
    void watch();
    void end(Limit limit);

    RunHostLimits m_limits;
    Bytes m_memoryBytes;
    const std::atomic<bool>* m_asked;
    std::atomic<bool> m_cancel{false};
    std::atomic<Limit> m_limit{Limit::None};
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_over = false; ///< guarded by m_mutex
    std::thread m_thread;
};

} // namespace simprof
