// SPDX-License-Identifier: GPL-2.0-or-later
/// Findings: what a reader of a profile should know or could change, each made by one rule of one table.
#pragma once
#include "profiler/profile.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// A pure function of a profile that makes findings of one kind.
struct FindingRule {
    const char* name; ///< what it looks at
    std::vector<Finding> (*findings)(const Profile&);
};

/// All rules; findings of equal severity keep their order.
std::span<const FindingRule> findingRules();

/// What all rules find, most severe first. Profile::findings is left aside.
std::vector<Finding> makeFindings(const Profile& profile);

/// The findings of one severity, in order.
std::vector<Finding> findingsOf(const Profile& profile, Severity severity);

/// Errors, warnings and notes, in order; without that the run did not end well where a fault says so.
std::vector<Finding> remarksOf(const Profile& profile);

/// What people read below the title: the text, how to make the change, what it saves and costs, what shows it.
std::string sentencesOf(const Finding& finding);

/// "Layers to attack first", or functions in a profile without layers.
std::string adviceTitle(const Profile& profile);

/// Index of the layer that a finding is about.
std::optional<std::size_t> targetLayer(const Profile& profile, const Finding& finding);

} // namespace simprof
