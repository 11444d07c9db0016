// SPDX-License-Identifier: GPL-2.0-or-later
/// One function per board, from the rows of board_rows.inc.
#pragma once
#include "sim_core/machine_desc.h"

namespace simprof {

#define SIMPROF_BOARD(function) BoardDesc function();
#include "peripherals/boards/board_rows.inc"
#undef SIMPROF_BOARD

} // namespace simprof
