// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/advice/advice.h"
#include "profiler/report/table.h"

#include <string>

namespace simprof {

/// As "text", "json" or "markdown"; throws Error for another format.
std::string writeAdvice(const Advice& advice, const Profile& profile, const std::string& format,
                        const TextStyle& style);

} // namespace simprof
