// SPDX-License-Identifier: GPL-2.0-or-later
/// One maker per core; core_timing.cpp chooses.
#pragma once
#include "sim_core/timing/core_timing.h"

namespace simprof {

std::unique_ptr<CoreTiming> makeCortexM0Timing(const McuDesc& mcu); ///< Cortex-M0 and M0+
std::unique_ptr<CoreTiming> makeCortexM4Timing(const McuDesc& mcu);
std::unique_ptr<CoreTiming> makeCortexM7Timing(const McuDesc& mcu);

} // namespace simprof
