// SPDX-License-Identifier: GPL-2.0-or-later
/// Runs a guest image on one of the two sides.
#pragma once
#include "tests/differential/guest_image.h"

#include <cstdint>
#include <string>

namespace simprof::differential {

/// What a side wrote out, and how it ended.
struct Outcome {
    std::string output;
    std::string end;                ///< a sentence when it neither exited by itself nor locked up
    bool lockedUp = false;          ///< a fault could not be taken: nothing behind it was run
    std::uint64_t instructions = 0; ///< of cases, without the monitor's; counted by simprof only
};

/// Is there a qemu-system-arm?
bool haveQemu();
Outcome runQemu(const Target& target, const GuestImage& image);
Outcome runSimprof(const Target& target, const GuestImage& image);

} // namespace simprof::differential
