// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/memory_log.h"

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace simprof {

/// One call of a spine function in an inference.
struct CallStep {
    std::pair<Address, Address> place; ///< call site and callee
    std::array<std::uint32_t, 4> arguments{};
    std::uint64_t multiplies = 0;
};

/// Which steps are one layer.
struct StepsOfLayers {
    std::vector<std::uint16_t> owners; ///< by step
    bool recurs = false;               ///< most of the work was done by steps that multiplied the same constants again
};

/// For each step, by number, the first one of the layer that it is a run of (itself, for a step of its own). Of calls
/// from one place
/// - those that multiply the same constants are one layer again, steps in time of a recurrent one; where there are
///   such, those too that read the same constants and write the same bytes;
/// - those that follow each other, read nothing of each other, and give an element or two each, or do the same work on
///   data a constant distance apart, are parts of one layer: its rows or its neurons.
/// `log` tells who read and wrote what, step n as accessor n + 1; `order` is that of the inference.
StepsOfLayers repetitionsOf(std::span<const CallStep> steps, std::span<const std::uint16_t> order,
                            const MemoryLog& log);

} // namespace simprof
