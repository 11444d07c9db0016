// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

BoardDesc stm32f746gDiscoBoard() {
    return {
        .name = "stm32f746g-disco",
        .title = "STM32F746G-DISCO",
        .mcu = stm32f746ng(),
        .oscillators = {{"HSE", 25'000'000}, {"LSE", 32'768}},
        .console = "USART1",
        .supplies =
            {
                {.name = "LDO 3.3 V, data sheet",
                 .volts = 3.3,
                 .microampPerMhz = 472,
                 .bandPercent = 30,
                 .source = "DS10916 6.3.7, Run mode from flash with ART accelerator: about 102 mA at 216 MHz, "
                           "peripherals off, 25 C; "
                           "other code than networks, hence the band; sleep and stop count as 0"},
            },
        .vectorTable = 0x08000000,
        .assumptions = {"The SDRAM at 0xC0000000 and the QSPI flash at 0x90000000 are not simulated."},
        .source = "UM1907 5.3 (oscillators: 25 MHz, 32.768 kHz), 5.7 (virtual COM port on USART1)",
    };
}

} // namespace simprof
