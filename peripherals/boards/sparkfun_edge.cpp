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
        .supplies = {},
        .vectorTable = 0x0000C000,
        .assumptions = {"The Bluetooth controller is not simulated."},
        .source = "SparkFun Edge schematic (32.768 kHz crystal, serial header on UART0: TX pin 48, RX pin 49)",
    };
}

} // namespace simprof
