// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/call_tree.h"
#include "profiler/collect/ledger.h"
#include "profiler/collect/memory_log.h"
#include "profiler/profile.h"

#include <optional>
#include <utility>
#include <vector>

namespace simprof {

/// What a run recorded of owners and layers: a value that the recogniser turns into a network's layers afterwards.
struct Recording {
    Ledger ledger;
    CallTree tree;
    std::vector<Inference> inferences;                  ///< the first ones
    std::uint64_t inferencesLeftOut = 0;                ///< the others
    std::optional<MemoryLog> memoryLog;                 ///< of the first inference; layer n is accessor n + 1
    std::vector<std::pair<Cycles, Bytes>> stackSamples; ///< depth at the beginning of each layer

    std::uint64_t inferencesSeen() const { return inferences.size() + inferencesLeftOut; }
};

/// Gives what was taken for inferences back to the start-up.
void dropInferences(Recording& recording);

/// Makes layers of what were parts of layers, after the run.
void renumberLayers(Recording& recording, const Renumbering& numbers);

} // namespace simprof
