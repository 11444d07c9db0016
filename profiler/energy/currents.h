// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/machine_desc.h"

#include <optional>
#include <string>

namespace simprof {

/// The supply current of one state, with its band.
struct Current {
    std::optional<double> microamp; ///< nothing: unknown
    double low = 0;
    std::optional<double> high; ///< nothing: no bound is known
    std::string source;         ///< why it is unknown, when it is
};

/// The current of a supply in `state`, with the power controller at `setting` and the core clock at `megahertz`.
/// Between two documented clocks it lies on the line through them, beyond the last on the line of the last two. One
/// row alone holds in proportion to the clock, with a band up to the row's own current below its clock. A state
/// without a row is unknown; while the core waits, it draws no more than a running one.
Current currentOf(const SupplyPoint& supply, PowerState state, const std::string& setting, double megahertz);

/// Whether the running current is the supply's microampPerMhz and microampFixed alone.
bool runsByFormula(const SupplyPoint& supply, const std::string& setting);

} // namespace simprof
