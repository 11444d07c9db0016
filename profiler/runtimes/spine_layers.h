// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/memory_log.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace simprof {

/// One part of an inference as the spine function runs it: a call, or what it computes itself between two calls.
struct SpineStep {
    std::uint64_t multiplies = 0; ///< instructions in one inference, rounded up
    Bytes constants = 0;          ///< read from flash in one inference
    bool inlined = false;         ///< no call
    Address callee = 0;
};

/// For each step the one whose layer it is part of (itself, for a layer of its own), or nothing where it is part of
/// none. A layer is a function of the network's data, so
/// - a call that multiplies nothing and reads nothing but constants prepares the layer that reads what it wrote
///   (weights copied from flash),
/// - a call that multiplies nothing, reads only what the layer before it wrote and no weights, and changes it in place,
///   ends that layer (a ReLU), unless it is the last one (a softmax),
/// - what the spine function computes itself is a layer only if it reads what a layer wrote,
/// - a call that neither reads what other steps wrote nor is read by them, with little work, belongs to the layer
///   before; so does one of a function of which most calls are such (the last one may look at the result).
/// `order` is that of the first inference, of which `log` tells who wrote and read what (step n as accessor n + 1);
/// steps that it does not name are layers of their own.
std::vector<std::optional<std::uint16_t>> layersOfSteps(std::span<const SpineStep> steps,
                                                        std::span<const std::uint16_t> order, const MemoryLog& log);

} // namespace simprof
