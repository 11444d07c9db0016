// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/machine_desc.h"

#include <optional>
#include <string_view>
#include <vector>

namespace simprof {

/// How many wait states the flash of a family takes at which core clock, in the highest voltage range.
struct WaitStateRow {
    McuFamily family = McuFamily::Other;
    Hertz step = 0; ///< up to so much none, up to twice as much one, and so on
    std::string_view source;
};

/// A voltage range of a family's core supply: how fast it may run there, and with how many wait states.
struct VoltageRange {
    McuFamily family = McuFamily::Other;
    std::string_view setting; ///< as in PowerSetting::run; "": whatever is programmed
    Hertz step = 0;           ///< up to so much no wait state, up to twice as much one, and so on
    Hertz most = 0;           ///< 0: what the MCU allows
    std::string_view source;

    unsigned waitStatesAt(Hertz clock) const { return static_cast<unsigned>((clock - 1) / step); }
};

/// The voltage ranges of an MCU's family; empty where the manual has no such rule.
std::vector<VoltageRange> voltageRanges(const McuDesc& mcu);

/// The row of an MCU's family; null where the manual has no such rule, or another clock than the core's counts.
const WaitStateRow* waitStateRow(const McuDesc& mcu);

/// The wait states that the part's manual asks for at this clock.
std::optional<unsigned> waitStatesAt(const McuDesc& mcu, Hertz clock);

} // namespace simprof
