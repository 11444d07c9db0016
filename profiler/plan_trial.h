// SPDX-License-Identifier: GPL-2.0-or-later
/// A plan, applied to the firmware that it is for.
#pragma once
#include "profiler/analysis/run_plan.h"
#include "profiler/profile_run.h"
#include "sim_core/image/firmware_image.h"

#include <cstddef>
#include <vector>

namespace simprof {

/// Throws Error when the profile is of another firmware.
void checkBuild(const FirmwareImage& firmware, const Profile& profile);

/// A flatbuffer with a plan added to it, and where the one without lies in the image.
struct PlannedNetwork {
    Address address = 0;
    std::vector<std::byte> file;
};

/// Of the profile's first network; throws Error when the image does not hold it.
PlannedNetwork plannedNetwork(const FirmwareImage& firmware, const Profile& profile, const RunPlan& plan);

/// The image with the flatbuffer swapped: it lies behind all that the image has in that memory, which becomes one
/// segment, and the first word of the old one leads to it. Throws Error when the old one is in no segment.
FirmwareImage withNetwork(const FirmwareImage& firmware, const PlannedNetwork& planned);

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
