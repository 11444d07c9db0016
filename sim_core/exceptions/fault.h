// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/ppb/nvic.h"
#include "sim_core/ppb/system_control.h"
#include "sim_core/units.h"

#include <cstdint>
#include <optional>
#include <string>

namespace simprof {

/// A fault on its way to an exception handler.
struct Fault {
    unsigned exception = 0;         ///< that it raises when priority and SHCSR allow
    std::uint32_t cfsr = 0;         ///< bits of namespace fault_status
    std::optional<Address> address; ///< for BFAR or MMFAR
    Address pc = 0;                 ///< of the instruction that caused it
    Address returnAddress = 0;      ///< as stacked
    std::string what;               ///< one sentence
    std::uint32_t hfsr = 0;         ///< bits that HFSR gets besides FORCED
};

/// A fault of `exception` by the instruction at `pc`, which the handler would execute again.
inline Fault faultAt(Address pc, unsigned exception, std::uint32_t cfsr, std::string what,
                     std::optional<Address> address = std::nullopt) {
    return {exception, cfsr, address, pc, pc, std::move(what)};
}

/// The exception that a fault enters; 0: the core locks up.
struct FaultRoute {
    unsigned exception = 0;
    bool forced = false; ///< it became a HardFault because its own exception may not be taken (HFSR.FORCED)
};

/// Escalation (Armv7-M ARM, B1.5.13 and B1.5.14; Armv6-M has HardFault alone): `wanted` when it is enabled and its
/// priority is higher than `priority`, at which the core executes, else HardFault, else a lock-up.
FaultRoute routeFault(unsigned wanted, int priority, const Nvic& nvic, bool v7);

} // namespace simprof
