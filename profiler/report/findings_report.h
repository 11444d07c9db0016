// SPDX-License-Identifier: GPL-2.0-or-later
/// Findings as the reports print them.
#pragma once
#include "profiler/profile.h"
#include "profiler/report/table.h"

#include <string>
#include <vector>

namespace simprof {

/// Findings that belong under one heading.
struct FindingGroup {
    std::string title; ///< "Findings", "Layers to attack first", "How faithful"
    std::vector<Finding> findings;
};

/// What to be careful with, what to attack first, how far to trust the figures; groups without findings are left out.
std::vector<FindingGroup> findingGroups(const Profile& profile);

/// The word in front of a finding: its severity where they differ, its title where they do not.
std::string findingLabel(const Finding& finding);

/// One row a finding.
Table findingTable(const Profile& profile);

/// All groups as paragraphs, each with a blank line above it.
std::string findingsText(const Profile& profile, const TextStyle& style);

} // namespace simprof
