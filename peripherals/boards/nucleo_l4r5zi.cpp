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
        .supplies =
            {
                {.name = "LDO 3.0 V, 120 MHz",
                 .volts = 3.0,
                 .microampPerMhz = 206,
                 .stopMicroamp = 2.8,
                 .bandPercent = 8,
                 .source = "MLPerf Tiny v1.x closed results: energy per inference times inferences per second over the "
                           "clock, mean of "
                           "AD, IC, KWS and VWW; low power: DS12023 features (Stop 2 with RTC); a sleeping core is not "
                           "in either and "
                           "counts as 0"},
                {.name = "LDO 1.8 V, 120 MHz",
                 .volts = 1.8,
                 .microampPerMhz = 206,
                 .stopMicroamp = 2.8,
                 .bandPercent = 8,
                 .source = "MLPerf Tiny v1.x closed results: energy per inference times inferences per second over the "
                           "clock, mean of "
                           "AD, IC, KWS and VWW; low power: DS12023 features (Stop 2 with RTC); a sleeping core is not "
                           "in either and "
                           "counts as 0"},
                {.name = "external SMPS, 3.0 V, 120 MHz",
                 .volts = 3.0,
                 .microampPerMhz = 92.7,
                 .stopMicroamp = 2.8,
                 .bandPercent = 5,
                 .source = "MLPerf Tiny v1.x closed results of the NUCLEO-L4R5ZI-P, mean of AD, IC, KWS and VWW; low "
                           "power: DS12023 "
                           "features (Stop 2 with RTC); a sleeping core counts as 0"},
                {.name = "LDO 3.3 V, data sheet",
                 .volts = 3.3,
                 .microampPerMhz = 110,
                 .stopMicroamp = 2.8,
                 .bandPercent = 100,
                 .source = "DS12023 features: 110 uA/MHz in Run with code like Dhrystone; published results of "
                           "networks draw about "
                           "twice as much, hence the band; a sleeping core counts as 0"},
                {.name = "external SMPS, 3.3 V, data sheet",
                 .volts = 3.3,
                 .microampPerMhz = 43,
                 .stopMicroamp = 2.8,
                 .bandPercent = 120,
                 .source = "DS12023 features: 43 uA/MHz in Run with code like Dhrystone; published results of networks "
                           "draw about "
                           "twice as much, hence the band; a sleeping core counts as 0"},
            },
        .vectorTable = 0x08000000,
        .assumptions = {},
        .source =
            "UM2179 6.7 (oscillators: 8 MHz from the ST-LINK, 32.768 kHz crystal), 6.10 (virtual COM port on LPUART1)",
    };
}

} // namespace simprof
