// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/planning/forbidden_offsets.h"

#include <functional>

namespace simprof {

/// A plan in as little memory as the time allows: first fit, local search, and exact search among the largest buffers,
/// whose least memory is a lower bound for all. Without `constraints.isExact` only `liveBound` is one. `hint` is a
/// valid plan; the result is no worse. The same input gives the same plan where the time did not end it.
MemoryPlan planOverlay(const OverlayConstraints& constraints, Bytes liveBound, const std::vector<Bytes>& hint,
                       const std::function<bool()>& expired);

} // namespace simprof
