// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/memory_log.h"
#include "profiler/collect/tally.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace simprof {

/// What speaks for layers and what speaks against them.
struct Plausibility {
    std::optional<std::string> objection; ///< why they are none
    std::string shown;                    ///< what their data shows, one clause
    bool beyondDoubt = false;             ///< all layers feed each other and add up products of weights of their own
};

/// Whether what the spine rule found may be a neural network. Layers multiply constants of
/// their own and add up the products, they do so again and again, and each reads what another wrote and leaves it as it
/// was; what a driver or a library keeps, each of its callers reads and changes, tables are made element by element,
/// and steps of a cipher share its tables. `layers` are sums over all inferences; `log` is that of the first, or null,
/// layer n is accessor n + 1. What ran once has to show more, and so has what `inDoubt` says of
/// a reason to doubt, which is then the answer ("" for none). What repeats
/// where the user says that there is a network (`expected`) may share weights and go element by element.
Plausibility plausibilityOf(std::span<const Tally> layers, const MemoryLog* log, std::uint64_t inferences,
                            std::string_view inDoubt = {}, bool expected = false);

} // namespace simprof
