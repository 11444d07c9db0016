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
                {.name = "buck converter 3.3 V, measured",
                 .volts = 3.3,
                 .bandPercent = 30,
                 .source =
                     "published measurement of an Apollo3 board; the front page's 6 uA/MHz is no network's figure",
                 .currents = {{PowerState::Run, "", 48, 573, 0, 0,
                               "measured active at 3.3 V and 48 MHz by the author of a published comparison, who uses "
                               "10.3 uA/MHz from the data sheet"},
                              {PowerState::Stop, "", 0, 2.72, 4.1, 0,
                               "deep sleep, measured at 3.3 V by the same; the data sheet's range is 2.3 to 4.1 uA"}}},
            },
        .vectorTable = 0x0000C000,
        .assumptions = {"The Bluetooth controller is not simulated.",
                        "The core starts at 24 MHz: no boot loader has changed CLKGEN."},
        .source = "SparkFun Edge schematic (32.768 kHz crystal, serial header on UART0: TX pin 48, RX pin 49)",
    };
}

} // namespace simprof
