// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

BoardDesc sparkfunEdgeBoard() {
    return {
        .name = "sparkfun-edge",
        .title = "SparkFun Edge",
        .mcu = apollo3(),
        .oscillators = {{"XT", 32'768}},
        .console = "UART0",
        .supplies =
            {
                {.name = "buck converter 3.3 V, data sheet",
                 .volts = 3.3,
                 .microampPerMhz = 6,
                 .stopMicroamp = 2.5,
                 .bandPercent = 60,
                 .source = "Apollo3 Blue data sheet, features: 6 uA/MHz from flash or SRAM at 3.3 V, about 2.5 uA in "
                           "deep sleep; no "
                           "measurement of a network is published, hence the band; a sleeping core counts as 0"},
            },
        .vectorTable = 0x0000C000,
        .assumptions = {"The Bluetooth controller is not simulated.",
                        "The core starts at 24 MHz: no boot loader has changed CLKGEN."},
        .source = "SparkFun Edge schematic (32.768 kHz crystal, serial header on UART0: TX pin 48, RX pin 49)",
    };
}

} // namespace simprof
