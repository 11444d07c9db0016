// SPDX-License-Identifier: GPL-2.0-or-later
/// What 'simprof energy sweep' prints.
#pragma once
#include "profiler/energy_sweep.h"
#include "profiler/report/table.h"

#include <string>

namespace simprof {

/// text, json, markdown or html (one page with a plot); throws Error for another format.
std::string writeSweep(const EnergySweep& sweep, const std::string& format, const TextStyle& style);

} // namespace simprof
