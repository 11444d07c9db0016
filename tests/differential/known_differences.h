// SPDX-License-Identifier: GPL-2.0-or-later
/// Where the two sides differ and simprof is right, or the architecture leaves it open; each row with its reason.
#pragma once
#include "tests/differential/cases.h"
#include "tests/differential/records.h"

#include <string_view>
#include <vector>

namespace simprof::differential {

/// Takes all listed differences out of both records and adds the names of their rows; true when nothing else differs.
bool removeKnown(const Target& target, Record& qemu, Record& simprof, std::vector<std::string_view>& rows);

} // namespace simprof::differential
