// SPDX-License-Identifier: GPL-2.0-or-later
/// How true a board's cycles are: rules modelled, sources, measured errors.
#pragma once
#include "profiler/report/table.h"
#include "sim_core/machine_desc.h"

namespace simprof::cli {

/// What of the core's timing is modelled, and from which source.
Table timingRuleTable(const McuDesc& mcu);

/// Simulated against measured cycles of one board, or of all where `board` is null.
Table measuredTable(const BoardDesc* board);

/// For each kind of code how far cycles may be from this board's, by cases measured on it or on its core.
Table bandTable(const BoardDesc& board);

/// "mean error 0.81 %, worst 3.50 %, over 12 cases", or that nothing was measured.
std::string measuredSummary(const BoardDesc& board);

} // namespace simprof::cli
