// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

BoardDesc nucleoL4r5ziBoard() {
    return {
        .name = "nucleo-l4r5zi",
        .title = "NUCLEO-L4R5ZI",
        .mcu = stm32l4r5zi(),
        .oscillators = {{"HSE", 8'000'000}, {"LSE", 32'768}},
        .console = "LPUART1",
        .supplies = {},
        .vectorTable = 0x08000000,
        .assumptions = {},
        .source = "UM2179 6.7 (oscillators: 8 MHz from the ST-LINK, 32.768 kHz crystal), 6.10 (virtual COM port on LPUART1)",
    };
}

} // namespace simprof
