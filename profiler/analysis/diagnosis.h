// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <string>
#include <vector>

namespace simprof {

/// 8-bit multiply-accumulates a core of this name can finish per cycle, as its row in sim_core/cores.h says; those of
/// Cortex-M0 for an unknown one.
double peakMacsPerCycle(const std::string& core);

/// What keeps one layer from being faster, worst first, as sentences.
std::vector<std::string> diagnoseLayer(const Profile& profile, const LayerInfo& layer);

/// Indices of layers by cycles, most first; at most `most`.
std::vector<std::size_t> slowestLayers(const Profile& profile, std::size_t most);

} // namespace simprof
