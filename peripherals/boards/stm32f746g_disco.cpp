// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

namespace {

/// Of the STM32F722, which stands in: same core, accelerator and process. None of the F746's own is published.
std::vector<CurrentRow> waitingCurrents() {
    /// In mA: table 30.
    struct Row {
        double megahertz, sleep, sleepAllClocked;
    };
    static constexpr Row kRows[] = {{25, 5, 14},   {60, 7, 24},   {144, 13, 46}, {168, 17, 60},
                                    {180, 19, 67}, {200, 22, 77}, {216, 24, 82}};
    std::vector<CurrentRow> rows;
    for (const Row& row : kRows) {
        rows.push_back(
            {PowerState::Sleep, "", row.megahertz, row.sleep * 1000, row.sleepAllClocked * 1000, 0,
             "the STM32F722 stands in, DocID029808 rev 3 table 30: Sleep, no peripheral clocked; the most with "
             "all clocked"});
    }
    constexpr const char* kStop = "the STM32F722 stands in, DocID029808 rev 3 table 32: Stop, no IWDG, 25 C";
    rows.insert(rows.end(), {{PowerState::Stop, "main regulator", 0, 450, 0, 0, kStop},
                             {PowerState::Stop, "main regulator, flash off", 0, 400, 0, 0, kStop},
                             {PowerState::Stop, "low-power regulator", 0, 320, 0, 0, kStop},
                             {PowerState::Stop, "low-power regulator, flash off", 0, 270, 0, 0, kStop},
                             {PowerState::Standby, "", 0, 1.4, 3.23, 0,
                              "the STM32F722 stands in, DocID029808 rev 3 table 33: 3.3 V, no RTC, no backup SRAM; the "
                              "most with both"}});
    return rows;
}

} // namespace

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
                           "peripherals off, 25 C; other code than networks, hence the band",
                 .currents = waitingCurrents()},
            },
        .vectorTable = 0x08000000,
        .assumptions = {"The SDRAM at 0xC0000000 and the QSPI flash at 0x90000000 are not simulated."},
        .source = "UM1907 5.3 (oscillators: 25 MHz, 32.768 kHz), 5.7 (virtual COM port on USART1)",
    };
}

} // namespace simprof
