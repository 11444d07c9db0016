// SPDX-License-Identifier: GPL-2.0-or-later
/// What `simprof plan` prints.
#pragma once
#include "profiler/analysis/run_plan.h"
#include "profiler/plan_trial.h"
#include "profiler/planning/problem.h"
#include "profiler/profile.h"

#include <optional>
#include <string>
#include <vector>

namespace simprof::cli {

/// Buffers that were planned as wholes, and the peak of the plan that there was already.
struct PlannedBuffers {
    const PlanningProblem& problem;
    const MemoryPlan& plan;
    std::optional<Bytes> peakNow;
};

std::string planText(const PlannedBuffers& planned);
std::string planJson(const PlannedBuffers& planned);

/// The same of a run, with what was planned byte by byte and over `memories`, and what became of the plan when it was
/// tried.
std::string planText(const Profile& profile, const RunPlan& plan, const std::vector<PlanMemory>& memories,
                     const std::optional<PlanTrial>& trial);
std::string planJson(const Profile& profile, const RunPlan& plan, const std::vector<PlanMemory>& memories,
                     const std::optional<PlanTrial>& trial);

} // namespace simprof::cli
