// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards.h"

#include "peripherals/boards/all_boards.h"

#include <algorithm>

namespace simprof {

const std::vector<BoardDesc>& boards() {
    static const std::vector<BoardDesc> all = {
        nucleoL4r5ziBoard(), stm32f746gDiscoBoard(), nucleoH7a3ziQBoard(),   portentaH7Board(),
        nucleoG0b1reBoard(), nucleoL053r8Board(),    raspberryPiPicoBoard(), arduinoNano33BleBoard(),
        sparkfunEdgeBoard(), stm32f407DiscoBoard(),  microbitBoard(),
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
