// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "tests/differential/cases.h"

#include <cstdint>
#include <span>
#include <vector>

namespace simprof::differential {

/// Vector table, monitor and as many cases as fit, to be loaded at address 0.
struct GuestImage {
    std::vector<std::uint8_t> bytes;
    std::vector<Case> cases;
    std::vector<Address> entries; ///< where the code of each begins
    Address casesBegin = 0;       ///< code of cases lies from here on

    /// The address a case's code begins at, by number.
    Address entryOf(std::uint32_t number) const;
};

/// Fills an image with cases from `first` on, at most `count`.
GuestImage buildImage(const Target& target, std::uint64_t seed, std::uint32_t first, std::uint32_t count);
/// An image with these cases, whose numbers count up from the first one's.
GuestImage buildImage(const Target& target, std::uint64_t seed, std::vector<Case> cases);

} // namespace simprof::differential
