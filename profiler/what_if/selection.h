// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/what_if/request.h"
#include "profiler/what_if/what_if.h"

#include <string>
#include <vector>

namespace simprof {

/// What a selection names.
struct Selection {
    std::vector<AddressRange> ranges; ///< by address, none touches another
    std::string what;                 ///< "3 functions", "the arena"
    bool fetched = false;             ///< the core executes it
    bool written = false;             ///< the firmware writes it
    Bytes bytes() const;
};

/// Throws Error when it names nothing.
Selection select(const WhatIfRequest& request, const WhatIfFacts& facts);

/// Sorts ranges and joins those that touch or have at most `gap` bytes between them.
std::vector<AddressRange> joinedRanges(std::vector<AddressRange> ranges, std::uint32_t gap = 0);

} // namespace simprof
