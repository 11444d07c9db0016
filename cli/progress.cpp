// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/progress.h"

#include "cli/output.h"
#include "profiler/text/numbers.h"

#include <algorithm>
#include <fmt/format.h>
#include <unistd.h>

namespace simprof::cli {
namespace {

/// How far the run is from 0 to 1, by the nearest of its ends.
double fractionDone(const RunProgress& progress, const RunOptions& options) {
    double done = 0;
    if (options.untilInferences && *options.untilInferences > 0) {
        done = static_cast<double>(progress.inferences) / *options.untilInferences;
    }
    const Cycles limit = options.untilCycles.value_or(kDefaultCycleLimit);
    if (options.untilCycles && limit > 0) {
        done = std::max(done, static_cast<double>(progress.cycles) / static_cast<double>(limit));
    }
    if (options.untilSeconds && *options.untilSeconds > 0) {
        done = std::max(done, progress.simulatedSeconds / *options.untilSeconds);
    }
    return std::clamp(done, 0.0, 1.0);
}

constexpr std::chrono::milliseconds kOnTerminal{100};
constexpr std::chrono::seconds kElsewhere{5}; ///< a log is no place for more

std::string bar(double done) {
    constexpr int kWidth = 24;
    const int filled = static_cast<int>(done * kWidth);
    std::string text;
    for (int i = 0; i < kWidth; ++i) {
        text += i < filled ? "█" : "░";
    }
    return text;
}

} // namespace

std::string progressText(const RunProgress& progress, const RunOptions& options, double seconds, bool withBar) {
    std::string text;
    if (const double done = fractionDone(progress, options); done > 0) {
        text += withBar ? fmt::format("{} {:3.0f} %  ", bar(done), done * 100) : fmt::format("{:.0f} % · ", done * 100);
    }
    text += fmt::format("{} inference{} · {} simulated · {} MIPS", progress.inferences,
                        progress.inferences == 1 ? "" : "s", humanTime(progress.simulatedSeconds * 1e6),
                        threeDigits(seconds > 0 ? static_cast<double>(progress.instructions) / seconds / 1e6 : 0));
    return text + (progress.pass > 1 ? fmt::format(" · pass {}", progress.pass) : "");
}

ProgressLine::ProgressLine()
    : m_terminal(::isatty(STDERR_FILENO) == 1)
    , m_start(Clock::now())
    , m_last(m_start) {}

void ProgressLine::show(const RunProgress& progress, const RunOptions& options) {
    const auto now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - m_start).count();
    if (!m_terminal) {
        if (now - m_last >= kElsewhere) {
            m_last = now;
            complain(progressText(progress, options, seconds, false));
        }
        return;
    }
    if (seconds < 1 || now - m_last < kOnTerminal) {
        return;
    }
    m_last = now;
    m_shown = true;
    printError("\r\x1b[K" + progressText(progress, options, seconds, true));
}

void ProgressLine::hide() {
    if (m_shown) {
        printError("\r\x1b[K");
        m_shown = false;
    }
}

} // namespace simprof::cli
