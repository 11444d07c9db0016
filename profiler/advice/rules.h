// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <vector>

namespace simprof {

/// Advice that is seen in a profile without another run: reference kernels, floating point by software, kernels that
/// are slower in one layer than in another, memory reserved beyond need.
std::vector<Finding> adviceRules(const Profile& profile);

} // namespace simprof
