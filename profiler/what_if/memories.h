// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/what_if/request.h"
#include "sim_core/machine_desc.h"

#include <string>
#include <vector>

namespace simprof {

/// The words for the memories of a board: their kind ("dtcm"), and their name ("axi-sram1", "sram1").
std::vector<std::string> memoryWords(const McuDesc& mcu);

/// The memories that a word names; throws Error that lists what there is.
std::vector<const MemoryDesc*> memoriesOf(const WhatIfRequest& request, const McuDesc& mcu);

/// The memory that holds an address, as the core sees it; null for none.
const MemoryDesc* memoryAt(const McuDesc& mcu, Address address);

} // namespace simprof
