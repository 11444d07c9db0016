// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/analysis/tensor_problem.h"

#include <optional>
#include <vector>

namespace simprof {

/// The operators of a network in another order, which keeps that each runs after those whose outputs it reads.
struct OperatorOrder {
    std::vector<std::int32_t> layers; ///< as they would run
    PlanningProblem problem;          ///< the same buffers, alive from operator to operator
};

/// The order in which the most bytes of whole tensors that are live at once are least; nothing when that of the run is
/// as good, or when there are too many orders: 50,000 sets of operators that have run are looked at.
std::optional<OperatorOrder> betterOrder(const Profile& profile, const PlanningProblem& tensors);

} // namespace simprof
