// SPDX-License-Identifier: GPL-2.0-or-later
/// Where the energy of a run went.
#pragma once
#include "profiler/profile.h"
#include "profiler/report/table.h"

#include <cstddef>

namespace simprof {

inline constexpr std::size_t kTopFunctions = 12;

/// Energy of each layer, in one inference.
Table layerEnergyTable(const Profile& profile);

/// The functions that took most, at the running current of the inferences.
Table functionEnergyTable(const Profile& profile, std::size_t most);

/// The same of exceptions: entry, handler and return.
Table interruptEnergyTable(const Profile& profile);

} // namespace simprof
