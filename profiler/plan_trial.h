// SPDX-License-Identifier: GPL-2.0-or-later
/// A plan, applied to the firmware that it is for.
#pragma once
#include "profiler/analysis/run_plan.h"
#include "profiler/network_swap.h"
#include "profiler/profile_run.h"
#include "sim_core/image/firmware_image.h"

namespace simprof {

/// Throws Error when the profile is of another firmware.
void checkBuild(const FirmwareImage& firmware, const Profile& profile);

/// The flatbuffer of the profile's first network with the plan added to it; throws Error when the image does not hold
/// it.
NewNetwork plannedNetwork(const FirmwareImage& firmware, const Profile& profile, const RunPlan& plan);

/// What a run with the plan showed.
struct PlanTrial {
    bool isApplied = false;  ///< all tensors lay where the plan puts them
    bool sameOutput = false; ///< it printed the same, and ended alike
    Bytes peak = 0;          ///< of tensors and scratch, which the runtime places itself
};

/// Runs the firmware with the plan; throws Error when checkBuild() does, or when the run that was planned printed
/// nothing that could be compared.
PlanTrial tryPlan(const FirmwareImage& firmware, const RunOptions& options, const Profile& profile,
                  const RunPlan& plan);

} // namespace simprof
