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
        .supplies =
            {
                {.name = "LDO 3.0 V, data sheet",
                 .volts = 3.0,
                 .microampPerMhz = 88,
                 .stopMicroamp = 0.8,
                 .bandPercent = 40,
                 .source = "DS10152 features: 88 uA/MHz in Run, 0.8 uA in Stop with RTC and SRAM kept; the best case "
                           "of clock and "
                           "voltage range, hence the band; a sleeping core counts as 0"},
            },
        .vectorTable = 0x08000000,
        .assumptions = {},
        .source =
            "UM1724 6.7 (oscillators: 8 MHz from the ST-LINK, 32.768 kHz crystal), 6.8 (virtual COM port on USART2)",
    };
}

} // namespace simprof
