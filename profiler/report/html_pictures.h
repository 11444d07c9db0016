// SPDX-License-Identifier: GPL-2.0-or-later
/// The pictures of the HTML report as inline SVG; colours come from the page's style sheet.
#pragma once
#include "profiler/profile.h"

#include <string>

namespace simprof {

/// The memory "tetris": address against time, each block as measured, with the live bytes and the stack below; ""
/// without blocks.
std::string memoryPicture(const Profile& profile);

/// One bar a layer, as long as its cycles and split by where they went; "" without layers.
std::string layerPicture(const Profile& profile);

} // namespace simprof
