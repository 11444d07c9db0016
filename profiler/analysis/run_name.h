// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <string>
#include <vector>

namespace simprof {

/// What reports call a run: the firmware's name, and in a what-if what was changed: "kws.elf (what if clock=80MHz)".
std::string runName(const Profile& profile);

/// The changes of a what-if, and the run as it is, a sentence each; none for other runs.
std::vector<std::string> whatIfSentences(const Profile& profile);

} // namespace simprof
