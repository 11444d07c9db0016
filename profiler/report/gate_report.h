// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/budget/budget.h"
#include "profiler/report/diff_report.h"

#include <string>

namespace simprof {

/// What the gate found, worst first.
std::string writeGate(const GateResult& result, const Profile& profile, DiffFormat format, const TextStyle& style);
/// One test case a layer and one for each other amount.
std::string gateJunit(const GateResult& result, const Profile& profile);
/// One annotation a violation.
std::string gateGithub(const GateResult& result, const Profile& profile);

} // namespace simprof
