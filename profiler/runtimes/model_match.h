// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/tally.h"
#include "profiler/network/network.h"
#include "profiler/profile.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace simprof {

/// Which operator of `model` each layer runs, in order; a layer may run none (a copy). Empty when the model is another
/// network's: each operator with weights needs a layer that multiplies about as often as it has multiply-accumulates,
/// and each layer that multiplies much needs an operator. `layers` are sums over so many inferences.
std::vector<std::optional<std::size_t>> operatorsOf(std::span<const Tally> layers, std::uint64_t inferences,
                                                    const Network& model);

/// Fills in what a network's file says of the operator that a layer runs.
void describeOperator(LayerInfo& layer, const Network& network, std::size_t index);

} // namespace simprof
