// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/span_lane.h"
#include "profiler/profile.h"

#include <QStringList>

#include <vector>

namespace simprof::gui {

/// What ran but has no span in the profile, because it was too short or came too late to be kept. It is known from the
/// counts that the profile holds beside its spans.
class LeftOut {
public:
    /// Calls of what a function calls; cycles with all that they called.
    struct Callees {
        std::uint64_t calls = 0;
        Cycles cycles = 0;
    };

    explicit LeftOut(const Profile& profile);

    /// Calls without a span, in the whole run.
    std::uint64_t calls() const { return m_calls; }
    /// Of the functions that `function` calls.
    const Callees& below(std::int32_t function) const { return m_below[static_cast<std::size_t>(function)]; }
    /// Where calls without a span may lie: the parts of each call in which nothing that it called has a span. By depth
    /// of the callee; the key is the caller.
    const std::vector<std::vector<LaneSpan>>& gaps() const { return m_gaps; }
    /// A sentence for each kind of thing that is left out of the timeline; empty when everything is there.
    const QStringList& sentences() const { return m_sentences; }
    /// What came too often to be kept in the profile at all: "5 inferences".
    const QStringList& notKept() const { return m_notKept; }

private:
    void count(const Profile& profile);
    void findGaps(const Profile& profile);
    void say(const Profile& profile);

    std::uint64_t m_calls = 0;
    std::vector<Callees> m_below; ///< by function
    std::vector<std::vector<LaneSpan>> m_gaps;
    QStringList m_sentences;
    QStringList m_notKept;
};

} // namespace simprof::gui
