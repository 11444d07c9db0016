// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/call_tree.h"
#include "profiler/collect/features.h"
#include "profiler/collect/gap_log.h"
#include "profiler/collect/heap_log.h"
#include "profiler/collect/ledger.h"
#include "profiler/collect/memory_log.h"
#include "profiler/collect/stack_path.h"
#include "profiler/profile.h"

#include <map>
#include <utility>
#include <vector>

namespace simprof {

/// Deepest use of the stack in each layer, by network and layer.
using LayerStackPaths = std::map<std::pair<std::int32_t, std::int32_t>, StackPath>;

/// What a run recorded of owners and layers: a value that the recogniser turns into a network's layers afterwards.
struct Recording {
    Ledger ledger;
    CallTree tree;
    std::vector<Inference> inferences;            ///< the first ones, and the first one of each network
    std::map<std::int32_t, std::uint64_t> seen;   ///< inferences by network, those that are not kept included
    std::map<std::int32_t, MemoryLog> memoryLogs; ///< of an early inference, by network; layer n is accessor n + 1
    std::vector<std::pair<Cycles, Bytes>> stackSamples; ///< depth at the beginning of each layer
    LayerStackPaths layerStacks;
    HeapLog heap; ///< once the run is over
    GapLog gaps;
    Features features; ///< once the run is over

    std::uint64_t inferencesSeen() const;
    std::uint64_t inferencesSeen(std::int32_t network) const;
    /// Null when none was logged.
    const MemoryLog* memoryLogOf(std::int32_t network) const;
    /// Null when the layer used no stack.
    const StackPath* layerStackOf(std::int32_t network, std::int32_t layer) const;
};

/// Gives what was taken for inferences of `network` back to the application.
void dropInferences(Recording& recording, std::int32_t network);

/// The same of all networks, after the run.
void dropInferences(Recording& recording);

/// Makes layers of `network` of what were parts of layers, after the run.
void renumberLayers(Recording& recording, std::int32_t network, const Renumbering& numbers);

} // namespace simprof
