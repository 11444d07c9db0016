// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <vector>

namespace simprof::gui {

/// One box of the flame graph: a function called by the box below it, all its calls together.
struct FlameBox {
    std::int32_t function = -1;
    std::int32_t parent = -1; ///< index into the boxes
    int depth = 0;
    Cycles begin = 0;  ///< place on the axis of summed cycles
    Cycles cycles = 0; ///< inclusive
    Cycles self = 0;
    std::uint64_t calls = 0;
};

/// The call tree of a profile, calls of the same function from the same caller added up; of one layer, or of all (-1).
/// Boxes of a depth are sorted by `begin`; parents come before their children.
std::vector<FlameBox> makeFlame(const Profile& profile, int layer = -1);

} // namespace simprof::gui
