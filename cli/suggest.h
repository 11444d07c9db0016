// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace simprof::cli {

/// The candidate that `typed` was probably meant to be, or "" when none is near.
std::string nearest(std::string_view typed, const std::vector<std::string>& candidates);

/// What to say of a word that is neither a verb nor a file: the verb that was meant, or "".
std::string nearestVerb(const std::string& typed);

} // namespace simprof::cli
