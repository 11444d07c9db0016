// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/exceptions/fault.h"

namespace simprof {

FaultRoute routeFault(unsigned wanted, int priority, const Nvic& nvic, bool v7) {
    if (v7 && nvic.enabled(wanted) && nvic.groupPriority(wanted) < priority) {
        return {wanted, false};
    }
    if (priority < 0) {
        return {};
    }
    return {exception::kHardFault, v7 && wanted != exception::kHardFault};
}

} // namespace simprof
