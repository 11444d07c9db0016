// SPDX-License-Identifier: GPL-2.0-or-later
/// What `simprof boards` shows, as tables of the built-in rows.
#pragma once
#include "profiler/report/table.h"
#include "sim_core/machine_desc.h"

#include <cstddef>
#include <string>

namespace simprof::cli {

/// "Cortex-M4 (FPU)".
std::string coreText(const CoreDesc& core);
/// Peripherals of which more is modelled than their registers.
std::size_t modelledCount(const McuDesc& mcu);

/// All boards, a row each.
Table boardTable();
Table memoryTable(const McuDesc& mcu);
Table supplyTable(const BoardDesc& board);
Table currentTable(const SupplyPoint& supply);
Table peripheralTable(const McuDesc& mcu);
/// Kinds of sensors that can be attached.
Table sensorTable();
/// The keys of a board file.
Table keyTable();
/// The types of peripherals that a board file can name.
Table typeTable();
/// What `boards --list WHAT` lists; throws Error that names the lists there are.
Table listed(const std::string& what);

} // namespace simprof::cli
