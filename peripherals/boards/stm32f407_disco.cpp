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
                {.name = "LDO 3.0 V, data sheet",
                 .volts = 3.0,
                 .microampPerMhz = 238,
                 .sleepMicroampPerMhz = 71,
                 .stopMicroamp = 310,
                 .bandPercent = 30,
                 .source = "DS8626 5.3.6: 40 mA in Run and 12 mA in Sleep at 168 MHz, peripherals off, 25 C, 0.31 mA "
                           "in Stop; other "
                           "code than networks, hence the band"},
            },
        .vectorTable = 0x08000000,
        .assumptions = {},
        .source = "UM1472 6.10 (oscillators: 8 MHz crystal, 32.768 kHz not fitted); the console is USART2 on PA2/PA3, "
                  "the board has no virtual COM port of its own",
    };
}

} // namespace simprof
