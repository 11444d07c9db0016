// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

BoardDesc raspberryPiPicoBoard() {
    return {
        .name = "raspberry-pi-pico",
        .title = "Raspberry Pi Pico",
        .mcu = rp2040(),
        .oscillators = {{"XOSC", 12'000'000}},
        .console = "UART0",
        .supplies = {},
        .startsInRom = true,
        .vectorTable = 0x00000000,
        .assumptions = {"The second core stays asleep; PIO and USB are not simulated.",
                        "A PLL locks in 25 us; the data sheet names no time."},
        .source = "Raspberry Pi Pico data sheet appendix B (12 MHz crystal, W25Q16JV flash of 2 MB)",
    };
}

} // namespace simprof
