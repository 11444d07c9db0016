// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

BoardDesc nucleoG0b1reBoard() {
    return {
        .name = "nucleo-g0b1re",
        .title = "NUCLEO-G0B1RE",
        .mcu = stm32g0b1re(),
        .oscillators = {{"HSE", 8'000'000}, {"LSE", 32'768}},
        .console = "USART2",
        .supplies =
            {
                {.name = "LDO 3.3 V, series overview",
                 .volts = 3.3,
                 .microampPerMhz = 100,
                 .bandPercent = 40,
                 .source = "STM32G0 series overview: below 100 uA/MHz in Run; an upper bound that is no measurement, "
                           "hence the band; "
                           "sleep and stop count as 0"},
            },
        .vectorTable = 0x08000000,
        .assumptions = {},
        .source =
            "UM2324 6.7 (oscillators: 8 MHz from the ST-LINK, 32.768 kHz crystal), 6.8 (virtual COM port on USART2)",
    };
}

} // namespace simprof
