// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile_run.h"

#include <chrono>
#include <string>

namespace simprof::cli {

/// One line about the run on standard error: inferences, simulated time, speed. On a terminal it moves, from the first
/// second on; elsewhere there is another line every few seconds.
class ProgressLine {
public:
    ProgressLine();
    ~ProgressLine() { hide(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(const RunProgress& progress, const RunOptions& options);
    /// Removes the line, so that other text may follow.
    void hide();

private:
    using Clock = std::chrono::steady_clock;

    bool m_terminal = false;
    bool m_shown = false;
    Clock::time_point m_start;
    Clock::time_point m_last;
};

/// The text of the line, `seconds` after the start of the run.
std::string progressText(const RunProgress& progress, const RunOptions& options, double seconds, bool withBar);

} // namespace simprof::cli
