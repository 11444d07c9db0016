// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

BoardDesc stm32f407DiscoBoard() {
    return {
        .name = "stm32f407-disco",
        .title = "STM32F407G-DISC1",
        .mcu = stm32f407vg(),
        .oscillators = {{"HSE", 8'000'000}},
        .console = "USART2",
        .supplies =
            {
                {.name = "LDO 3.0 V, 168 MHz",
                 .volts = 3.0,
                 .microampPerMhz = 238,
                 .sleepMicroampPerMhz = 71,
                 .stopMicroamp = 310,
                 .bandPercent = 30,
                 .source =
                     "DS8626 rev 12, 6.3.6, CoreMark from flash with ART accelerator, peripherals off, typical at "
                     "25 C and 3.3 V: 40 mA in Run (table 20) and 12 mA in Sleep (table 22) at 168 MHz; 0.31 mA "
                     "in Stop with the low-power regulator (table 23); an LDO draws the same at the board's 3.0 "
                     "V; other code than networks, hence the band"},
                {.name = "LDO 3.0 V, up to 144 MHz",
                 .volts = 3.0,
                 .microampPerMhz = 200,
                 .microampFixed = 2000,
                 .sleepMicroampPerMhz = 62.5,
                 .stopMicroamp = 310,
                 .bandPercent = 30,
                 .source = "DS8626 rev 12, 6.3.6, in the same conditions: 8, 14, 20, 26 and 31 mA in Run at 30, 60, "
                           "90, 120 and "
                           "144 MHz (table 20), 9 mA in Sleep at 144 MHz (table 22), 0.31 mA in Stop (table 23)"},
            },
        .vectorTable = 0x08000000,
        .assumptions = {},
        .source = "UM1472 6.10 (oscillators: 8 MHz crystal, 32.768 kHz not fitted); the console is USART2 on PA2/PA3, "
                  "the board has no virtual COM port of its own",
    };
}

} // namespace simprof
