// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/planning/problem.h"

namespace simprof {

/// A plan in as little memory as the limits allow: first fit in several orders, then exact search in the parts of the
/// problem that need it. The same problem gives the same plan where the time limit did not end it.
MemoryPlan planMemory(const PlanningProblem& problem, const PlanLimits& limits = {});

} // namespace simprof
