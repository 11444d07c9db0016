// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

namespace simprof {

/// Makes the list of networks of the one that a profile from before there could be several holds.
void nameOneNetwork(Profile& profile);

/// Fills what a profile that was written before findings were kept does not hold: the findings, and the supply's
/// figures and highest clock of a board that is built in.
void completeOlderProfile(Profile& profile);

} // namespace simprof
