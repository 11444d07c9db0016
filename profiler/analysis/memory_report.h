// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/analysis/ran_network.h"
#include "profiler/collect/collector.h"
#include "profiler/collect/recogniser.h"
#include "profiler/profile.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/image/firmware_image.h"
#include "sim_core/machine.h"

#include <vector>

namespace simprof {

/// What the memory part of a profile is made from.
struct MemorySources {
    const Machine& machine;
    const Collector& collector;
    const FirmwareImage& image;
    const SymbolTable& symbols;
    const Recogniser* recogniser = nullptr; ///< that found the layers; null when none did
    std::vector<RanNetwork> networks;
    const Profile& profile; ///< layers and inferences are filled in
};

/// Tensors, arena, stack, heap and static data from what was observed of each byte.
ProfileMemory buildMemory(const MemorySources& sources);

/// Gives each SRAM byte its one owner, the most particular one, from what was touched and what the other parts of
/// `memory` say.
std::vector<SramOwner> sramOwners(const MemoryShadow& shadow, const ProfileMemory& memory);

/// Fills LayerInfo::sramPeakBytes and scratchBytes from the memory part.
void addLayerMemory(Profile& profile);

} // namespace simprof
