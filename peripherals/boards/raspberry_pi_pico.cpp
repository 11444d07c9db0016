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
        .supplies =
            {
                {.name = "LDO 3.3 V, data sheet",
                 .volts = 3.3,
                 .microampPerMhz = 227,
                 .bandPercent = 30,
                 .source =
                     "RP2040 data sheet 5.7, table 637, typical DVDD current by the on-chip regulator, 25 C: 10.9 mA "
                     "with the Popcorn demo at 48 MHz, an upper bound as the other core, PIO and DMA work too; pins "
                     "and flash chip are not in it",
                 .currents =
                     {{PowerState::Sleep, "", 48, 9000, 0, 0,
                       "RP2040 data sheet 5.7, table 637: idle BOOTSEL mode (boot ROM at 48 MHz, core in WFE, all "
                       "clocks on)"},
                      {PowerState::Stop, "", 0, 390, 4500, 0,
                       "RP2040 data sheet 5.7, table 637: SLEEP with clk_rtc and crystal alone; at most 4.5 mA"}}},
            },
        .startsInRom = true,
        .vectorTable = 0x00000000,
        .assumptions = {"The second core stays asleep; PIO and USB are not simulated.",
                        "A PLL locks in 25 us; the data sheet names no time."},
        .source = "Raspberry Pi Pico data sheet appendix B (12 MHz crystal, W25Q16JV flash of 2 MB)",
    };
}

} // namespace simprof
