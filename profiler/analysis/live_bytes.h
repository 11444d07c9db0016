// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <utility>
#include <vector>

namespace simprof {

/// Bytes that are live from a cycle on, step by step.
using LiveSteps = std::vector<std::pair<Cycles, Bytes>>;

/// Of whole blocks, without those that outlive inferences; a byte shared by two blocks counts once for each, as it
/// would in two buffers.
LiveSteps liveBlocks(const std::vector<TensorLife>& tensors);

/// When each part of a block counts for its own life only; empty when no block has parts. An upper bound, since the
/// bytes of a part share one life.
LiveSteps liveParts(const std::vector<TensorLife>& tensors);

} // namespace simprof
