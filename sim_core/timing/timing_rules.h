// SPDX-License-Identifier: GPL-2.0-or-later
/// What of each core's timing is modelled, in sentences: for `simprof boards NAME`. docs/TIMING.md has every row.
#pragma once
#include "sim_core/machine_desc.h"

#include <span>
#include <string>
#include <string_view>

namespace simprof {

/// A rule and where it is from.
struct TimingRule {
    std::string_view what;
    std::string_view source;
};

/// The rules of a core.
std::span<const TimingRule> timingRules(CoreKind core);

/// How a memory's waits are simulated, and from which document; `what` says "assumed" where that is unknown.
struct MemoryTiming {
    std::string what;
    std::string source;
};
MemoryTiming memoryTiming(const MemoryDesc& memory);

} // namespace simprof
