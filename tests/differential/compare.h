// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "tests/differential/guest_image.h"
#include "tests/differential/records.h"

#include <map>
#include <string>

namespace simprof::differential {

/// A run that left something else behind on the two sides.
struct Difference {
    std::uint32_t number = 0;   ///< of the case
    std::uint32_t runsLeft = 0; ///< behind this run
    std::string what;           ///< the words that differ
};

/// How two outputs differ.
struct Comparison {
    std::uint64_t records = 0;
    std::uint64_t lockups = 0;                        ///< cases that ended in a lock-up on both sides
    std::map<std::string_view, std::uint64_t> listed; ///< runs with a difference that is listed, by the row's name
    std::vector<Difference> unlisted;                 ///< in the order of the cases
};

/// Adds the differences between what QEMU and simprof wrote of the cases up to number `last`.
void compare(const Target& target, std::string_view qemu, std::string_view simprof, std::uint32_t last,
             Comparison& result);

/// Where the instructions of a case begin, by halfwords, but for those in IT blocks.
std::vector<std::size_t> instructionsOf(const Case& made);
/// The code of a case as text, up to its halfword `end`.
std::string listing(const GuestImage& image, const Case& made, std::size_t end);

} // namespace simprof::differential
