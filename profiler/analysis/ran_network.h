// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/memory_log.h"
#include "profiler/profile.h"

#include <cstdint>

namespace simprof {

/// A network that ran: its number with the recogniser, and its place in the profile.
struct RanNetwork {
    std::int32_t number = 0;
    std::int32_t index = 0;      ///< into Profile::networks
    std::int32_t firstLayer = 0; ///< LayerInfo::id of its layer 0

    /// Of a layer of the profile; -1: the application.
    AccessorId accessorOf(std::int32_t layer) const {
        return static_cast<AccessorId>(layer < 0 ? kOutside : layer - firstLayer + 1);
    }
};

} // namespace simprof
