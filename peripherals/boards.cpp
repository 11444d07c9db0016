// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards.h"

#include "peripherals/boards/all_boards.h"

#include <algorithm>

namespace simprof {

const std::vector<BoardDesc>& boards() {
    static const std::vector<BoardDesc> all = {
#define SIMPROF_BOARD(function) function(),
#include "peripherals/boards/board_rows.inc"
#undef SIMPROF_BOARD
    };
    return all;
}

const BoardDesc* findBoard(std::string_view name) {
    const auto found = std::ranges::find(boards(), name, &BoardDesc::name);
    return found == boards().end() ? nullptr : &*found;
}

std::shared_ptr<const McuDesc> findMcu(std::string_view name) {
    const auto found = std::ranges::find_if(boards(), [&](const BoardDesc& board) { return board.mcu->name == name; });
    return found == boards().end() ? nullptr : found->mcu;
}

} // namespace simprof
