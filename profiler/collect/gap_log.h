// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/memory_log.h"
#include "sim_core/timing/core_timing.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace simprof {

/// What one path of the call tree took outside inferences.
struct PathCost {
    Cycles cycles = 0;
    std::uint64_t instructions = 0;
    std::uint64_t multiplies = 0;
    std::array<Cycles, kStallCount> stalls{};

    PathCost& operator+=(const PathCost& other);
};

/// What the application did outside inferences.
struct GapLog {
    std::vector<PathCost> startUp;     ///< by node of the call tree
    std::vector<PathCost> between;     ///< the same, from the first inference on
    std::optional<MemoryLog> accesses; ///< in one gap between two inferences
    std::vector<std::int32_t> nodes;   ///< of its accessors, from 1 on
    std::vector<std::int32_t> open;    ///< nodes in progress when that gap ended: they call the inference
};

} // namespace simprof
