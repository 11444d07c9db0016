// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/analysis/diff.h"
#include "profiler/report/table.h"

#include <string>

namespace simprof {

/// The format of a comparison or a gate; report.h has the many formats of a single profile.
enum class DiffFormat : std::uint8_t { Text, Json, Markdown };

/// Throws Error unless the name is text, json or markdown.
DiffFormat parseDiffFormat(const std::string& name);

/// The comparison for people or machines; `base` and `now` are what the two are called.
std::string writeDiff(const ProfileDiff& diff, const std::string& base, const std::string& now, DiffFormat format,
                      const TextStyle& style);

} // namespace simprof
