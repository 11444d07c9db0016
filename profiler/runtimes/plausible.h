// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/memory_log.h"
#include "profiler/collect/tally.h"

#include <optional>
#include <span>
#include <string>

namespace simprof {

/// Why what the spine rule found is no neural network, or nothing when it may be one. Layers multiply constants, and
/// each reads what another wrote and leaves it as it was; what a driver or a library keeps, each of its callers reads
/// and changes. `log` is that of the first inference, layer n is accessor n + 1.
std::optional<std::string> implausibleNetwork(std::span<const Tally> layers, const std::optional<MemoryLog>& log);

} // namespace simprof
