// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

BoardDesc nucleoH7a3ziQBoard() {
    return {
        .name = "nucleo-h7a3zi-q",
        .title = "NUCLEO-H7A3ZI-Q",
        .mcu = stm32h7a3ziq(),
        .oscillators = {{"HSE", 8'000'000}, {"LSE", 32'768}},
        .console = "USART3",
        .supplies =
            {
                {.name = "SMPS 3.0 V, 280 MHz",
                 .volts = 3.0,
                 .microampPerMhz = 163.1,
                 .bandPercent = 20,
                 .source =
                     "energy traces of MLPerf Tiny v0.5 to v1.3: geometric mean of 13 of 23 networks, whose others "
                     "lie within 20 % but for one of ten",
                 .currents = {{PowerState::Sleep, "", 280, 5262, 0, 20,
                               "derived from MLPerf Tiny v1.3 streaming wake word, 1200 s at 280 MHz: 30.45 mW with a "
                               "duty of 0.13259, running at 126 mW; PLL, SAI and DMA on"}}},
            },
        .vectorTable = 0x08000000,
        .assumptions = {},
        .source =
            "UM2408 6.8 (oscillators: 8 MHz from the ST-LINK, 32.768 kHz crystal), 6.10 (virtual COM port on USART3)",
    };
}

} // namespace simprof
