// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/analysis/memory_report.h"

#include <optional>
#include <vector>

namespace simprof {

/// The tensors of one inference of a network.
struct TensorLives {
    std::vector<TensorLife> tensors;         ///< by birth, then address
    std::optional<AddressRange> evalTensors; ///< the runtime's tensor table, where it has one
    std::optional<RuntimeArena> arena;       ///< what the runtime says of its memory
    std::uint32_t inference = 0;             ///< index into Profile::inferences
};

/// Named by the network where it is known, else blocks that layers wrote; of what lies in `stack` those that one
/// layer hands on to another.
TensorLives tensorLives(const MemorySources& sources, const RanNetwork& network, AddressRange stack);

} // namespace simprof
