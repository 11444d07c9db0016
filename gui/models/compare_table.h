// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/analysis/diff.h"
#include "profiler/report/table.h"

namespace simprof::gui {

/// The layers of a comparison as a table: before, now, change in cycles, SRAM and energy, and what moved; owners and
/// the total as footer.
Table compareTable(const ProfileDiff& diff);

/// The sizes of memory that changed or not.
Table compareMemoryTable(const ProfileDiff& diff);

} // namespace simprof::gui
