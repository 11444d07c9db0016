// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

namespace {

/// A waiting core stops its own clock, whatever its frequency.
CurrentRow idle() {
    return {
        PowerState::Sleep,
        "",
        0,
        3.16,
        0,
        25,
        "nRF52840 product specification 5.2, ION_RAMON_RTC: System ON, 256 KiB of RAM kept, RTC running, typical at "
        "25 C; the high-frequency clock and peripherals that keep it running are not in it"};
}

} // namespace

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
                 .bandPercent = 20,
                 .source = "nRF52840 product specification 5.2: 3.3 mA with CoreMark from flash and cache at 64 MHz",
                 .setting = "DC/DC",
                 .currents = {idle()}},
                {.name = "LDO 3.0 V",
                 .volts = 3.0,
                 .microampPerMhz = 98,
                 .bandPercent = 20,
                 .source = "nRF52840 product specification 5.2: 6.3 mA with CoreMark from flash and cache at 64 MHz",
                 .setting = "LDO",
                 .currents = {idle()}},
            },
        .vectorTable = 0x00010000,
        .assumptions = {"The radio and USB are not simulated."},
        .source = "Nano 33 BLE Sense schematic (32 MHz and 32.768 kHz crystals of the NINA-B306 module, TX/RX of the "
                  "header on UARTE0)",
    };
}

} // namespace simprof
