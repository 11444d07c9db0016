// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

BoardDesc portentaH7Board() {
    return {
        .name = "portenta-h7",
        .title = "Arduino Portenta H7 (M7 core)",
        .mcu = stm32h747xi(),
        .oscillators = {{"HSE", 25'000'000}, {"LSE", 32'768}},
        .console = "USART1",
        .supplies =
            {
                {.name = "LDO 3.3 V, all peripherals on",
                 .volts = 3.3,
                 .microampPerMhz = 458,
                 .bandPercent = 50,
                 .source =
                     "DS12930 rev 3, table 28: 220 mA in Run at 480 MHz (VOS0), only the M7 runs, from flash with "
                     "cache, all peripherals clocked, typical at 25 C, as a published measurement of this board "
                     "quotes it; an upper bound where most peripherals are off, hence the band; sleep and stop "
                     "count as 0"},
            },
        .vectorTable = 0x08040000,
        .assumptions = {"The Cortex-M4 core does not run; SDRAM and QSPI flash are not simulated."},
        .source = "Portenta H7 schematic V1.0 (25 MHz MEMS oscillator on OSC_IN, 32.768 kHz on OSC32, UART of the "
                  "header on USART1)",
    };
}

} // namespace simprof
