// SPDX-License-Identifier: GPL-2.0-or-later
/// Planning problems and plans as rows of `id,lower,upper,size` and, of a plan, `offset`.
#pragma once
#include "profiler/planning/problem.h"

#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// What a file of buffers says.
struct PlanningFile {
    PlanningProblem problem;
    std::vector<Bytes> offsets; ///< one a buffer where the file is a plan, else empty
};

/// Throws Error that names the file and the line. No more than a million buffers, and 2^60 bytes in all.
PlanningFile readPlanningCsv(std::string_view text, const std::string& name);

/// The buffers in their order; with `offsets` that of each.
std::string writePlanningCsv(const PlanningProblem& problem, const std::vector<Bytes>& offsets = {});

} // namespace simprof
