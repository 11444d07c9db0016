// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

BoardDesc microbitBoard() {
    return {
        .name = "microbit",
        .title = "BBC micro:bit (v1)",
        .mcu = nrf51822(),
        .oscillators = {{"HFXO", 16'000'000}},
        .console = "UART0",
        .supplies =
            {
                {.name = "LDO 3.0 V",
                 .volts = 3.0,
                 .microampPerMhz = 294,
                 .bandPercent = 10,
                 .source =
                     "Nordic DevZone, current against voltage of the nRF51 CPU: 4.7 mA at 16 MHz with the crystal "
                     "running, the same at all voltages",
                 .currents =
                     {{PowerState::Sleep, "", 0, 2.6, 0, 25,
                       "nRF51822 product specification, I_ON: System ON, low-power sub mode; the high-frequency "
                       "clock and peripherals that keep it running are not in it"}}},
            },
        .sensors = {{"I2C0", "0x1D", "mma8653"}, {"I2C0", "0x0E", "mag3110"}},
        .vectorTable = 0x00000000,
        .assumptions = {"The radio is not simulated."},
        .source = "micro:bit V1.5 schematic (16 MHz crystal, no 32 kHz crystal, UART0 to the interface chip: TX P0.24, "
                  "RX P0.25); sensors: micro:bit V1.3B, MMA8653FC and MAG3110 at I2C0",
    };
}

} // namespace simprof
