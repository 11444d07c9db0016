// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/energy_sweep.h"

#include <string>

namespace simprof {

/// One HTML page without network: energy of an inference against the clock, a line for each voltage range with its
/// band, and the table.
std::string sweepPage(const EnergySweep& sweep, const std::string& title, const std::string& note,
                      const std::string& table);

} // namespace simprof
