// SPDX-License-Identifier: GPL-2.0-or-later
/// What 'simprof energy' prints.
#pragma once
#include "profiler/energy/answer.h"
#include "profiler/report/table.h"

#include <string>
#include <vector>

namespace simprof {

/// One run and what was answered about it.
struct EnergyCase {
    std::string name; ///< as the user named it
    const Profile& profile;
    EnergyAnswer answer;
};

/// text, json or markdown; throws Error for another format.
std::string writeEnergy(const EnergyCase& one, const std::string& format, const TextStyle& style);

/// Runs side by side, least energy an inference first.
std::string writeEnergyComparison(std::vector<EnergyCase> cases, const std::string& format, const TextStyle& style);

/// By state, as text and Markdown tables have them.
Table stateTable(const Profile& profile);

} // namespace simprof
