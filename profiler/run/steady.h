// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace simprof {

/// Finds out when nothing new comes: the last inferences of each network that was seen took equal cycles.
class SteadyWatch {
public:
    static constexpr std::size_t kEqual = 5; ///< inferences in a row

    /// An inference of `network` ended, whose layers took so many cycles without interrupts.
    void ended(std::int32_t network, Cycles inLayers);
    /// False before the first inference. What an interrupt leaves in caches and prefetch buffers moves a few cycles:
    /// equal is what differs by no more than one in a thousand.
    bool steady() const;
    /// "the layers took 1,234 cycles in each of the last 5 inferences": while steady() holds.
    std::string text() const;

private:
    std::map<std::int32_t, std::vector<Cycles>> m_last; ///< by network, the newest kEqual ones
};

} // namespace simprof
