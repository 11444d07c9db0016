// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <vector>

namespace simprof::cli {

/// The words that begin a command: "report", "diff", …
std::vector<std::string> verbNames();

/// What to say of a word that is neither a verb nor a file: the verb that was meant, or "".
std::string nearestVerb(const std::string& typed);

} // namespace simprof::cli
