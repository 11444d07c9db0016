// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

namespace {

std::vector<CurrentRow> currents() {
    /// In mA: tables 20 and 22.
    struct Row {
        double megahertz, run, sleep, sleepAllClocked;
    };
    static constexpr Row kRows[] = {{2, 2, 1, 2},     {4, 2, 1, 2},     {8, 3, 1, 3},     {16, 5, 2, 6},
                                    {25, 6, 2, 8},    {30, 8, 3, 11},   {60, 14, 5, 20},  {90, 20, 7, 30},
                                    {120, 26, 8, 38}, {144, 31, 9, 46}, {168, 40, 12, 59}};
    std::vector<CurrentRow> rows;
    for (const Row& row : kRows) {
        rows.push_back({PowerState::Run, "", row.megahertz, row.run * 1000, 0, 0,
                        "DS8626 rev 12 table 20: CoreMark from flash with ART accelerator, peripherals off"});
        rows.push_back(
            {PowerState::Sleep, "", row.megahertz, row.sleep * 1000, row.sleepAllClocked * 1000, 0,
             "DS8626 rev 12 table 22: Sleep, no peripheral clocked, in whole mA; the most with all clocked"});
    }
    constexpr const char* kStop = "DS8626 rev 12 table 23: Stop, SRAM kept, oscillators off, no IWDG";
    rows.insert(rows.end(), {{PowerState::Stop, "main regulator", 0, 450, 0, 0, kStop},
                             {PowerState::Stop, "main regulator, flash off", 0, 400, 0, 0, kStop},
                             {PowerState::Stop, "low-power regulator", 0, 310, 0, 0, kStop},
                             {PowerState::Stop, "low-power regulator, flash off", 0, 280, 0, 0, kStop},
                             {PowerState::Standby, "", 0, 2.2, 4, 0,
                              "DS8626 rev 12 table 24: 3.3 V, no RTC, no backup SRAM; the most with both"}});
    return rows;
}

} // namespace

BoardDesc stm32f407DiscoBoard() {
    return {
        .name = "stm32f407-disco",
        .title = "STM32F407G-DISC1",
        .mcu = stm32f407vg(),
        .oscillators = {{"HSE", 8'000'000}},
        .console = "USART2",
        .supplies =
            {
                {.name = "LDO 3.0 V, data sheet",
                 .volts = 3.0,
                 .bandPercent = 20,
                 .source =
                     "DS8626 rev 12, 6.3.6, typical at 25 C and 3.3 V; an LDO draws the same at the board's 3.0 V; "
                     "CoreMark, peripherals off",
                 .currents = currents()},
            },
        .vectorTable = 0x08000000,
        .assumptions = {},
        .source = "UM1472 6.10 (oscillators: 8 MHz crystal, 32.768 kHz not fitted); the console is USART2 on PA2/PA3, "
                  "the board has no virtual COM port of its own",
    };
}

} // namespace simprof
