// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// The candidate that `typed` was probably meant to be, whatever its case, or "" when none is near.
std::string nearest(std::string_view typed, const std::vector<std::string>& candidates);

/// " (did you mean 'x'?)" for the end of a complaint, or "".
std::string didYouMean(std::string_view typed, const std::vector<std::string>& candidates);

} // namespace simprof
