// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/peripheral.h"

#include <memory>
#include <string>
#include <vector>

namespace simprof {

/// Builds the behaviour named by PeripheralDesc::type; a type without behaviour becomes plain registers.
std::unique_ptr<Peripheral> makePeripheral(const PeripheralDesc& desc, const BoardDesc& board,
                                           MachineServices& services);

/// One row of the registry.
struct PeripheralType {
    std::string name;    ///< PeripheralDesc::type
    std::string summary; ///< what is modelled, one line
};

/// All types, sorted by name; "unmodelled" is the one without behaviour.
std::vector<PeripheralType> peripheralTypes();

} // namespace simprof
