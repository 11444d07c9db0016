// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/timing/core_timing.h"
#include "sim_core/timing/timing_changes.h"

#include <memory>
#include <optional>
#include <string>

namespace simprof {

/// The settings that a row of the memory table has at reset; nothing where its name is none of a flash's.
struct FlashSettings {
    bool fixedWaits = false;  ///< the wait states are a property of the part, not programmed
    bool hasPrefetch = false; ///< can be switched
    bool hasIcache = false;   ///< of the flash interface
    bool hasDcache = false;
    MemorySettings reset;
};
std::optional<FlashSettings> flashSettings(const std::string& timing);

/// The timing of an MCU, changed; `mcu` must outlive it. Nothing is added to it where nothing changes.
std::unique_ptr<CoreTiming> makeCoreTiming(const McuDesc& mcu, const TimingChanges& changes);

} // namespace simprof
