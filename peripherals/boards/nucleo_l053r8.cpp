// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

BoardDesc nucleoL053r8Board() {
    return {
        .name = "nucleo-l053r8",
        .title = "NUCLEO-L053R8",
        .mcu = stm32l053r8(),
        .oscillators = {{"HSE", 8'000'000}, {"LSE", 32'768}},
        .console = "USART2",
        .supplies = {},
        .vectorTable = 0x08000000,
        .assumptions = {},
        .source = "UM1724 6.7 (oscillators: 8 MHz from the ST-LINK, 32.768 kHz crystal), 6.8 (virtual COM port on USART2)",
    };
}

} // namespace simprof
