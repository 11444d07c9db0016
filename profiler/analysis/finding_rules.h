// SPDX-License-Identifier: GPL-2.0-or-later
/// The rules of findings.h.
#pragma once
#include "profiler/profile.h"

#include <vector>

namespace simprof {

inline constexpr const char* kRunTarget = "run"; ///< Finding::target of how the run ended

// run_findings.cpp
std::vector<Finding> findEnd(const Profile& profile);
std::vector<Finding> findExitCode(const Profile& profile);
std::vector<Finding> findUnwatched(const Profile& profile);
std::vector<Finding> findUsb(const Profile& profile);
std::vector<Finding> findNetwork(const Profile& profile);
std::vector<Finding> findIdleNetworks(const Profile& profile);
std::vector<Finding> findStack(const Profile& profile);
std::vector<Finding> findArena(const Profile& profile);
std::vector<Finding> findEvents(const Profile& profile);
std::vector<Finding> findUnmodelled(const Profile& profile);
std::vector<Finding> findPolls(const Profile& profile);

// diagnosis.cpp
std::vector<Finding> findReferenceKernels(const Profile& profile);
std::vector<Finding> findSlowestLayers(const Profile& profile);
std::vector<Finding> findSlowestFunctions(const Profile& profile);

// faithfulness.cpp
std::vector<Finding> findExactFigures(const Profile& profile);
std::vector<Finding> findTimingRules(const Profile& profile);
std::vector<Finding> findMeasuredBoard(const Profile& profile);
std::vector<Finding> findAttribution(const Profile& profile);
std::vector<Finding> findEnergyBand(const Profile& profile);
std::vector<Finding> findModels(const Profile& profile);

} // namespace simprof
