// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <optional>
#include <string>

namespace simprof::cli {

/// What speaks for and against each built-in board for this firmware, as text or JSON, the best board first.
std::string explainBoards(const std::string& firmware, const std::string& base, bool json);

} // namespace simprof::cli
