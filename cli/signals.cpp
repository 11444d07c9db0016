// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/signals.h"

namespace simprof::cli {
namespace {

std::atomic<bool> g_cancelled{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

} // namespace

/// The second signal, of whatever kind, finds no handler.
void SignalsEndRun::onSignal(int) {
    g_cancelled = true;
    for (const int signal : kSignals) {
        struct sigaction now {};
        if (::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == &SignalsEndRun::onSignal) {
            std::signal(signal, SIG_DFL);
        }
    }
}

SignalsEndRun::SignalsEndRun() {
    g_cancelled = false;
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        struct sigaction action {};
        action.sa_handler = &SignalsEndRun::onSignal;
        action.sa_flags = SA_RESTART;
        for (const int other : kSignals) { // one after the other: the second finds what the first one left
            sigaddset(&action.sa_mask, other);
        }
        if (::sigaction(kSignals[i], nullptr, &m_before[i]) == 0 && m_before[i].sa_handler != SIG_IGN) {
            ::sigaction(kSignals[i], &action, nullptr);
        }
    }
}

SignalsEndRun::~SignalsEndRun() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        ::sigaction(kSignals[i], &m_before[i], nullptr);
    }
}

const std::atomic<bool>* SignalsEndRun::cancel() const { return &g_cancelled; }

} // namespace simprof::cli
