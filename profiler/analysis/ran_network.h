// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <cstdint>

namespace simprof {

/// A network that ran: its number with the recogniser, and its place in the profile.
struct RanNetwork {
    std::int32_t number = 0;
    std::int32_t index = 0;      ///< into Profile::networks
    std::int32_t firstLayer = 0; ///< LayerInfo::id of its layer 0
};

} // namespace simprof
