// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

BoardDesc arduinoNano33BleBoard() {
    return {
        .name = "arduino-nano-33-ble",
        .title = "Arduino Nano 33 BLE Sense",
        .mcu = nrf52840(),
        .oscillators = {{"HFXO", 32'000'000}, {"LFXO", 32'768}},
        .console = "UARTE0",
        .supplies =
            {
                {.name = "DC/DC 3.0 V",
                 .volts = 3.0,
                 .microampPerMhz = 52,
                 .sleepMicroampPerMhz = 0.0234,
                 .stopMicroamp = 1.5,
                 .bandPercent = 20,
                 .source =
                     "nRF52840 product specification, current consumption: 3.3 mA with CoreMark from flash and cache "
                     "at 64 MHz, "
                     "1.5 uA in System ON with RTC (idle stops the clock); valid when the firmware sets POWER.DCDCEN"},
                {.name = "LDO 3.0 V",
                 .volts = 3.0,
                 .microampPerMhz = 98,
                 .sleepMicroampPerMhz = 0.0234,
                 .stopMicroamp = 1.5,
                 .bandPercent = 20,
                 .source = "nRF52840 product specification, current consumption: 6.3 mA with CoreMark from flash and "
                           "cache at 64 MHz, "
                           "1.5 uA in System ON with RTC (idle stops the clock); the regulator after reset"},
            },
        .vectorTable = 0x00010000,
        .assumptions = {"The radio and USB are not simulated."},
        .source = "Nano 33 BLE Sense schematic (32 MHz and 32.768 kHz crystals of the NINA-B306 module, TX/RX of the "
                  "header on UARTE0)",
    };
}

} // namespace simprof
