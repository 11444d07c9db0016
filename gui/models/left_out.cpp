// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/left_out.h"

#include "gui/text.h"

#include <algorithm>

namespace simprof::gui {

namespace {

constexpr std::size_t kMostPrints = 100'000; ///< profiler/run/console_capture.cpp keeps as many

/// A call in progress while the spans are gone through.
struct Open {
    std::int32_t function = -1;
    Cycles end = 0;
    Cycles covered = 0; ///< until here by calls with a span, or looked at
};

/// Goes through the spans in order of time with the calls in progress at each depth. An interrupt handler may begin at
/// depth 0 within a call of that depth, so that there may be several.
template<class Begin, class End>
void walk(const Profile& profile, Begin begin, End end) {
    std::vector<std::vector<Open>> open;
    const auto close = [&](std::size_t depth, Cycles now) {
        while (!open[depth].empty() && open[depth].back().end <= now) {
            end(open[depth].back(), depth);
            open[depth].pop_back();
        }
    };
    for (const CallSpan& span : profile.callSpans) {
        open.resize(std::max(open.size(), std::size_t{span.depth} + 1));
        for (std::size_t depth = span.depth > 0 ? span.depth - 1U : 0; depth < open.size(); ++depth) {
            close(depth, span.startCycle);
        }
        Open* caller = span.depth > 0 && !open[span.depth - 1U].empty() ? &open[span.depth - 1U].back() : nullptr;
        begin(span, caller);
        open[span.depth].push_back({span.function, span.startCycle + span.cycles, span.startCycle});
    }
    for (std::size_t depth = 0; depth < open.size(); ++depth) {
        close(depth, ~Cycles{0});
    }
}

std::uint64_t less(std::uint64_t all, std::uint64_t kept) { return all > kept ? all - kept : 0; }

} // namespace

LeftOut::LeftOut(const Profile& profile)
    : m_below(profile.functions.size()) {
    if (!profile.callSpans.empty()) {
        count(profile);
        findGaps(profile);
    }
    say(profile);
}

void LeftOut::count(const Profile& profile) {
    std::uint64_t all = 0;
    for (const CallNode& node : profile.callTree) {
        all += node.calls;
        if (node.parent >= 0) {
            const CallNode& caller = profile.callTree[static_cast<std::size_t>(node.parent)];
            Callees& callees = m_below[static_cast<std::size_t>(caller.function)];
            callees.calls += node.calls;
            callees.cycles += node.inclusiveCycles;
        }
    }
    m_calls = less(all, profile.callSpans.size());
    walk(
        profile,
        [this](const CallSpan& span, const Open* caller) {
            if (caller != nullptr) {
                Callees& callees = m_below[static_cast<std::size_t>(caller->function)];
                callees.calls = less(callees.calls, 1);
                callees.cycles = less(callees.cycles, span.cycles);
            }
        },
        [](const Open&, std::size_t) {});
}

void LeftOut::findGaps(const Profile& profile) {
    const auto gap = [this](const Open& caller, std::size_t depth, Cycles until) {
        if (until > caller.covered && m_calls != 0 && below(caller.function).calls != 0) {
            m_gaps.resize(std::max(m_gaps.size(), depth + 1));
            m_gaps[depth].push_back({caller.covered, until - caller.covered, caller.function});
        }
    };
    walk(
        profile,
        [&](const CallSpan& span, Open* caller) {
            if (caller != nullptr) {
                gap(*caller, span.depth, std::min(span.startCycle, caller->end));
                caller->covered = std::max(caller->covered, span.startCycle + span.cycles);
            }
        },
        [&](const Open& ended, std::size_t depth) { gap(ended, depth + 1, ended.end); });
}

void LeftOut::say(const Profile& profile) {
    const auto add = [this](std::uint64_t number, const char* one, const char* many) {
        if (number != 0) {
            m_sentences.append(
                QStringLiteral("%1 %2").arg(gui::count(number), QLatin1String(number == 1 ? one : many)));
        }
    };
    add(m_calls, "call was too short to be kept: hatched where it may lie",
        "calls were too short to be kept: hatched where they may lie");
    std::uint64_t entries = 0;
    for (const ExceptionInfo& exception : profile.exceptions) {
        entries += exception.entries;
    }
    add(less(entries, profile.exceptionSpans.size()), "interrupt is not drawn", "interrupts are not drawn");
    std::uint64_t switches = 0;
    for (const ThreadInfo& thread : profile.threads) {
        switches += thread.switches;
    }
    add(less(switches, profile.threadSpans.size()), "switch of threads is not kept",
        "switches of threads are not kept");
    if (profile.prints.size() >= kMostPrints) {
        m_sentences.append(
            QStringLiteral("what was printed after the %1th line is drawn as one").arg(gui::count(kMostPrints)));
    }
    for (const simprof::LeftOut& missing : profile.leftOut) {
        m_notKept.append(QStringLiteral("%1 %2").arg(gui::count(missing.count), qt(missing.what)));
    }
    if (!m_notKept.isEmpty()) {
        m_sentences.append(QStringLiteral("not kept in the profile: ") + m_notKept.join(QStringLiteral(", ")));
    }
}

} // namespace simprof::gui
