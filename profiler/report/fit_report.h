// SPDX-License-Identifier: GPL-2.0-or-later
/// What 'simprof energy fit' prints.
#pragma once
#include "profiler/energy/fit.h"
#include "profiler/report/table.h"

#include <string>

namespace simprof {

/// text or json; `file` is where the measurements are from. Throws Error for another format.
std::string writeFit(const EnergyFit& fit, const std::string& file, const std::string& format, const TextStyle& style);

} // namespace simprof
