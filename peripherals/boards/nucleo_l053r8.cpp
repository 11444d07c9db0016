// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/all_boards.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {

namespace {

/// One voltage range of tables 28 and 32.
struct Range {
    const char* setting;
    double megahertz;
    double runMilliamp;
    double sleepMicroamp; ///< with the flash on, as after reset
};

std::vector<CurrentRow> currents() {
    static constexpr Range kRanges[] = {
        {"range 1", 8, 1.55, 380},        {"range 1", 16, 3.1, 730},        {"range 1", 32, 6.3, 1650},
        {"range 2", 4, 0.665, 170},       {"range 2", 8, 1.3, 315},         {"range 2", 16, 2.6, 605},
        {"range 3", 0.065, 0.0365, 29.5}, {"range 3", 0.524, 0.0995, 44.5}, {"range 3", 1, 0.165, 57.5},
        {"range 3", 2, 0.29, 84},         {"range 3", 4, 0.555, 150},
    };
    std::vector<CurrentRow> rows;
    for (const Range& range : kRanges) {
        rows.push_back({PowerState::Run, range.setting, range.megahertz, range.runMilliamp * 1000, 0, 0,
                        "DS10152 rev 9 table 28: Dhrystone from flash, HSE (MSI below 1 MHz), peripherals off"});
        rows.push_back({PowerState::Sleep, range.setting, range.megahertz, range.sleepMicroamp, 0, 0,
                        "DS10152 rev 9 table 32: Sleep, flash on, HSE (MSI below 1 MHz), peripherals off"});
    }
    constexpr const char* kLowPowerRun = "DS10152 rev 9 table 33: low-power run from flash, MSI, 25 C";
    constexpr const char* kLowPowerSleep = "DS10152 rev 9 table 34: low-power sleep, flash on, MSI, 25 C";
    rows.insert(rows.end(), {{PowerState::Run, "low-power run", 0.032, 22, 0, 0, kLowPowerRun},
                             {PowerState::Run, "low-power run", 0.065, 27.5, 0, 0, kLowPowerRun},
                             {PowerState::Run, "low-power run", 0.131, 39, 0, 0, kLowPowerRun},
                             {PowerState::Sleep, "low-power run", 0.065, 17, 0, 0, kLowPowerSleep},
                             {PowerState::Sleep, "low-power run", 0.131, 19.5, 0, 0, kLowPowerSleep},
                             {PowerState::Stop, "low-power regulator", 0, 0.41, 0.8, 0,
                              "DS10152 rev 9 table 35: Stop, RAM kept, without RTC; with RTC 0.8 uA (page 1)"},
                             {PowerState::Standby, "", 0, 0.29, 1.3, 0,
                              "DS10152 rev 9 table 36: without IWDG and LSI; with them 1.3 uA"}});
    return rows;
}

} // namespace

BoardDesc nucleoL053r8Board() {
    return {
        .name = "nucleo-l053r8",
        .title = "NUCLEO-L053R8",
        .mcu = stm32l053r8(),
        .oscillators = {{"HSE", 8'000'000}, {"LSE", 32'768}},
        .console = "USART2",
        .supplies =
            {
                {.name = "LDO 3.0 V, data sheet",
                 .volts = 3.0,
                 .bandPercent = 20,
                 .source =
                     "DS10152 rev 9, tables 28 to 36, typical at 25 C, Dhrystone from flash, peripherals off; code "
                     "types differ by up to 15 % at 32 MHz (table 29). The 88 uA/MHz of its front page is "
                     "range 3 at 4 MHz with an empty loop (0.353 mA, table 29), not what a network draws",
                 .currents = currents()},
            },
        .vectorTable = 0x08000000,
        .assumptions = {},
        .source =
            "UM1724 6.7 (oscillators: 8 MHz from the ST-LINK, 32.768 kHz crystal), 6.8 (virtual COM port on USART2)",
    };
}

} // namespace simprof
