// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/timing/core_timing.h"
#include "sim_core/timing/cores.h"

namespace simprof {

std::unique_ptr<CoreTiming> makeCoreTiming(const McuDesc& mcu) {
    switch (mcu.core.kind) {
    case CoreKind::CortexM0:
    case CoreKind::CortexM0Plus: return makeCortexM0Timing(mcu);
    case CoreKind::CortexM4: return makeCortexM4Timing(mcu);
    case CoreKind::CortexM7: break;
    }
    return makeCortexM7Timing(mcu);
}

} // namespace simprof
