// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace simprof {

/// Something that gains when it lies in a fast memory.
struct KnapsackItem {
    double gain = 0; ///< in any unit
    Bytes bytes = 0;
    std::vector<std::size_t> bins; ///< memories that may hold it
};

/// The memory of each item, nothing for one that is left out: as much gain as fits; of equal gain, the least bytes.
/// Exact for up to kMostExact items; beyond that those with least gain a byte are left out first.
std::vector<std::optional<std::size_t>> fillKnapsack(const std::vector<KnapsackItem>& items,
                                                     const std::vector<Bytes>& capacities);
inline constexpr std::size_t kMostExact = 16;

} // namespace simprof
