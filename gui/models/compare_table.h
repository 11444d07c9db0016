// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/counting.h"
#include "profiler/analysis/diff.h"
#include "profiler/report/table.h"

namespace simprof::gui {

/// The counting that both profiles can answer: sums when either has no inference, all inferences when either lacks the
/// one that is wanted.
Counting commonCounting(const Profile& base, const Profile& now, Counting wanted);

/// What changed, with layers and totals counted alike; `counting` must be common to both. Counted otherwise than as
/// sums over the run, there are no owners and no functions, and nothing is said of different numbers of inferences.
ProfileDiff countedDiff(const Profile& base, const Profile& now, const Counting& counting);

/// "mean of 2 inferences before, of 10 now".
QString comparedText(const Profile& base, const Profile& now, const Counting& counting);

/// The layers of a comparison as a table: before, now, change in cycles, SRAM and energy, and what moved; owners and
/// the total, called `total`, as footer.
Table compareTable(const ProfileDiff& diff, const std::string& total = "total");

} // namespace simprof::gui
