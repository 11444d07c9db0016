// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <string>

namespace simprof {

/// Whether the run ended as it should: the firmware exited, --until was reached, or it waits for ever behind its
/// inferences or its text, which most firmware does that has nothing more to do, and not in an error handler.
bool endedWell(const Profile& profile);

/// Whether a function is by its name where firmware ends that cannot go on.
bool isErrorHandler(const std::string& function);

/// Whether the run was stopped before its end, so that sums cover only a part of it.
bool isPartial(const Profile& profile);

} // namespace simprof
