// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <vector>

namespace simprof {

/// The notes of a profile with one row for all registers of a block: its `address` is that of the first one, `count`
/// their sum, `pc` the first touch of the first register. Where no name tells blocks apart, a block is 4 KiB. Events
/// stay as they are.
std::vector<PeripheralNote> notesByBlock(const Profile& profile);

} // namespace simprof
