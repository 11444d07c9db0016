// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <atomic>
#include <csignal>

namespace simprof::cli {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP asks to end the run, the second one ends the program. A signal
/// that is ignored (nohup) stays ignored.
class SignalsEndRun {
public:
    SignalsEndRun();
    ~SignalsEndRun();
    SignalsEndRun(const SignalsEndRun&) = delete;
    SignalsEndRun& operator=(const SignalsEndRun&) = delete;

    /// Becomes true with the first signal.
    const std::atomic<bool>* cancel() const;

private:
    static constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};
    static void onSignal(int signal);
    std::array<struct sigaction, kSignals.size()> m_before{};
};

} // namespace simprof::cli
