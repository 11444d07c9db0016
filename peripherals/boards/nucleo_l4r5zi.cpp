// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

namespace {

constexpr const char* kTraces =
    "energy traces of MLPerf Tiny v0.5 to v1.3, range 1 boost: geometric mean of 22 of 44 networks, whose others lie "
    "within 20 %";

/// Both regulators: what is kept in Stop and Standby does not depend on how the core was supplied before.
void addDeepStates(std::vector<CurrentRow>& rows) {
    constexpr const char* kDoubtful = "DS12023 as quoted, in round figures that look like those of the L4x6: doubtful";
    rows.insert(rows.end(), {{PowerState::Stop, "Stop 0", 0, 114, 0, 60, kDoubtful},
                             {PowerState::Stop, "Stop 1", 0, 4.6, 0, 60, kDoubtful},
                             {PowerState::Stop, "Stop 2", 0, 2.8, 2.86, 20,
                              "DS12023 features: Stop 2 with RTC; the sister L4P5 states 2.57 uA without and 2.86 uA "
                              "with it"},
                             {PowerState::Standby, "Standby", 0, 0.13, 0.43, 20,
                              "DS12023 features as quoted; the sister L4P5 states 0.426 uA with RTC"},
                             {PowerState::Standby, "Shutdown", 0, 0.03, 0.3, 20, kDoubtful}});
}

std::vector<CurrentRow> ldoCurrents() {
    constexpr const char* kByVoltage =
        "214.9 uA/MHz of MLPerf Tiny in range 1 boost, times the core voltage over 1.28 V (RM0432 5.1.7: 1.2 V in "
        "range "
        "1, 1.0 V in range 2): an LDO's current follows the core's voltage; not measured";
    std::vector<CurrentRow> rows = {
        {PowerState::Run, "range 1", 80, 16118, 0, 20, kByVoltage},
        {PowerState::Run, "range 2", 26, 4365, 0, 20, kByVoltage},
        {PowerState::Sleep, "", 80, 2400, 8900, 60,
         "DS12023 as quoted: 30 uA/MHz, a doubtful round figure, for peripherals off; the most is what the external "
         "SMPS board draws in Sleep with PLL, SAI and DMA, at the LDO's ratio of 2.2"}};
    addDeepStates(rows);
    return rows;
}

std::vector<CurrentRow> smpsCurrents() {
    constexpr const char* kStreaming = "MLPerf Tiny v1.3 streaming wake word, 1200 s: 25.622 mW at 120 MHz with a duty "
                                       "of 0.56085, 22.719 mW at 70 MHz "
                                       "with 0.95857; derived with 278 pJ a cycle at 120 MHz, waiting power in "
                                       "proportion to the clock and PLL, SAI and "
                                       "DMA running";
    std::vector<CurrentRow> rows = {{PowerState::Run, "range 1 boost", 70, 7768, 0, 8, kStreaming},
                                    {PowerState::Run, "range 1 boost", 120, 11124, 0, 5,
                                     "MLPerf Tiny v1.x closed results of the NUCLEO-L4R5ZI-P, mean of AD, IC, KWS and "
                                     "VWW"},
                                    {PowerState::Run, "range 1", 70, 7768, 0, 8, kStreaming},
                                    {PowerState::Sleep, "", 70, 3058, 0, 15, kStreaming},
                                    {PowerState::Sleep, "", 120, 5243, 0, 15, kStreaming}};
    addDeepStates(rows);
    return rows;
}

} // namespace

BoardDesc nucleoL4r5ziBoard() {
    return {
        .name = "nucleo-l4r5zi",
        .title = "NUCLEO-L4R5ZI",
        .mcu = stm32l4r5zi(),
        .oscillators = {{"HSE", 8'000'000}, {"LSE", 32'768}},
        .console = "LPUART1",
        .supplies =
            {
                {.name = "LDO 3.0 V, 120 MHz",
                 .volts = 3.0,
                 .microampPerMhz = 214.9,
                 .bandPercent = 20,
                 .source = kTraces,
                 .currents = ldoCurrents()},
                {.name = "LDO 1.8 V, 120 MHz",
                 .volts = 1.8,
                 .microampPerMhz = 214.9,
                 .bandPercent = 20,
                 .source = kTraces,
                 .currents = ldoCurrents()},
                {.name = "external SMPS, 3.0 V, 120 MHz",
                 .volts = 3.0,
                 .microampPerMhz = 92.7,
                 .bandPercent = 5,
                 .source = "MLPerf Tiny v1.x closed results of the NUCLEO-L4R5ZI-P, mean of AD, IC, KWS and VWW",
                 .currents = smpsCurrents()},
            },
        .vectorTable = 0x08000000,
        .assumptions = {},
        .source =
            "UM2179 6.7 (oscillators: 8 MHz from the ST-LINK, 32.768 kHz crystal), 6.10 (virtual COM port on LPUART1)",
    };
}

} // namespace simprof
