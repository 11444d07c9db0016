// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/timing/cores.h"

namespace simprof {

std::unique_ptr<CoreTiming> makeCortexM7Timing(const McuDesc& mcu) { return makeCortexM4Timing(mcu); }

} // namespace simprof
