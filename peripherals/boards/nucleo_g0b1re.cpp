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
                {.name = "LDO 3.3 V, data sheet",
                 .volts = 3.3,
                 .microampPerMhz = 134,
                 .bandPercent = 30,
                 .source =
                     "DS13560 rev 6, table 28: 8.6 mA in Run at 64 MHz, range 1, from flash, typical at 25 C, as a "
                     "published parts library quotes it; other code than networks, hence the band"},
            },
        .vectorTable = 0x08000000,
        .assumptions = {},
        .source =
            "UM2324 6.7 (oscillators: 8 MHz from the ST-LINK, 32.768 kHz crystal), 6.8 (virtual COM port on USART2)",
    };
}

} // namespace simprof
