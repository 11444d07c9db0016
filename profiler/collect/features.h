// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/gap_log.h"
#include "sim_core/units.h"

#include <vector>

namespace simprof {

struct Recording;

/// Signal processing that makes the input of a network: what it took, and its functions.
struct Features {
    PathCost startUp; ///< before the first inference
    PathCost between;
    std::vector<Address> functions; ///< entries, the one that took most first; empty: there are no features
};

/// Features by the flow of data in the gap that was recorded: paths of the call tree that are on the way to bytes that
/// layers read, multiply what they read from memory, and read tables of constants; with all that they call, and what
/// hands their results on. Nothing in doubt. Before nodes of the tree or layers are renumbered.
Features findFeatures(const Recording& recording);

} // namespace simprof
