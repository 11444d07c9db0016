// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile_run.h"
#include "profiler/runtimes/runtimes.h"

#include <span>

namespace simprof {

/// profileRun() that looks for these runtimes, in this order.
Profile profileRun(const FirmwareImage& firmware, const RunOptions& options, std::span<const Runtime> known);

} // namespace simprof
