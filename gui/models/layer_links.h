// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <optional>
#include <utility>
#include <vector>

namespace simprof::gui {

/// Of each layer the function that took most of its cycles itself, as index into Profile::functions; -1: not known.
std::vector<int> kernelsOf(const Profile& profile);

/// First and last cycle of a layer's longest run in an inference, or in the first one that has it (-1); nothing when it
/// did not run there.
std::optional<std::pair<Cycles, Cycles>> runOf(const Profile& profile, int layer, int inference);

} // namespace simprof::gui
