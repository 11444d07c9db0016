// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

namespace {

/// Of the STM32H743 revision V, which stands in: same M7, process and peripherals; the M4 of the H747 is not in it.
std::vector<CurrentRow> waitingCurrents() {
    constexpr const char* kSleep =
        "the STM32H743 rev V stands in, DS12110 rev 10 table 134: Sleep, LDO, no peripheral clocked; the most with all "
        "clocked";
    constexpr const char* kStop =
        "the STM32H743 rev V stands in, DS12110 rev 10 table 133: all domains in Stop, flash on, no IWDG, 25 C";
    return {
        {PowerState::Sleep, "", 200, 16500, 47100, 30, kSleep}, {PowerState::Sleep, "", 300, 24600, 67300, 30, kSleep},
        {PowerState::Sleep, "", 400, 35300, 97700, 30, kSleep}, {PowerState::Sleep, "", 480, 50700, 136000, 30, kSleep},
        {PowerState::Stop, "SVOS5", 0, 1270, 0, 30, kStop},     {PowerState::Stop, "SVOS4", 0, 2250, 0, 30, kStop},
        {PowerState::Stop, "SVOS3", 0, 3070, 0, 30, kStop}};
}

} // namespace

BoardDesc portentaH7Board() {
    return {
        .name = "portenta-h7",
        .title = "Arduino Portenta H7 (M7 core)",
        .mcu = stm32h747xi(),
        .oscillators = {{"HSE", 25'000'000}, {"LSE", 32'768}},
        .console = "USART1",
        .supplies =
            {
                {.name = "LDO 3.3 V, all peripherals on",
                 .volts = 3.3,
                 .microampPerMhz = 458,
                 .bandPercent = 50,
                 .source =
                     "DS12930 rev 3, table 28: 220 mA in Run at 480 MHz (VOS0), only the M7 runs, from flash with "
                     "cache, all peripherals clocked, typical at 25 C, as a published measurement of this board "
                     "quotes it; an upper bound where most peripherals are off, hence the band",
                 .currents = waitingCurrents()},
            },
        .vectorTable = 0x08040000,
        .assumptions = {"The Cortex-M4 core does not run; SDRAM and QSPI flash are not simulated."},
        .source = "Portenta H7 schematic V1.0 (25 MHz MEMS oscillator on OSC_IN, 32.768 kHz on OSC32, UART of the "
                  "header on USART1)",
    };
}

} // namespace simprof
