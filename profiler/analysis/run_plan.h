// SPDX-License-Identifier: GPL-2.0-or-later
/// The plans of a run: whole tensors, byte by byte, and what would need less.
#pragma once
#include "profiler/analysis/overlay_blockers.h"
#include "profiler/analysis/tensor_problem.h"
#include "profiler/planning/problem.h"
#include "profiler/planning/spread.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// How far planning goes; each level includes those before it.
enum class PlanLevel : std::uint8_t {
    Tensor,  ///< whole tensors
    Overlay, ///< a tensor over bytes of another one that are not needed any more
    Edits,   ///< changes of graph and kernels, as estimates
};
inline constexpr std::array<NameRow<PlanLevel>, 3> kPlanLevels = {
    {{PlanLevel::Tensor, "tensor"}, {PlanLevel::Overlay, "overlay"}, {PlanLevel::Edits, "edits"}}};
constexpr std::span<const NameRow<PlanLevel>> namesOf(PlanLevel) { return kPlanLevels; }

/// What a change of graph or kernels would need.
struct EditPlan {
    std::string what;
    std::vector<std::int32_t> layers; ///< that are changed; of another order: all, as they would run
    MemoryPlan tensorLevel;
    std::optional<MemoryPlan> overlayLevel; ///< nothing of another order: its accesses are not known
};

/// A memory that tensors may lie in.
struct PlanMemory {
    std::string name;
    Bytes capacity = 0;
};

/// The plans of the first network of a run.
struct RunPlan {
    TensorProblem tensors;
    MemoryPlan tensorLevel;
    std::optional<MemoryPlan> overlayLevel; ///< nothing: not asked for, or the profile holds no lives of bytes
    std::vector<OverlayBlocker> blockedBy;
    std::vector<EditPlan> edits;
    std::optional<SpreadPlan> spread; ///< over several memories; nothing: not asked for
};

/// How a run is planned.
struct RunPlanOptions {
    std::optional<PlanLevel> level; ///< nothing: as far as the profile allows
    std::optional<Bytes> alignment;
    std::optional<Bytes> capacity;      ///< enough at tensor level
    double seconds = 10;                ///< of each search
    std::vector<PlanMemory> memories{}; ///< the fastest first: whole tensors are spread over them as well
};

/// Plans the run; all plans have been replayed. Throws Error when the profile does not hold what the level needs.
RunPlan planRun(const Profile& profile, const RunPlanOptions& options);

} // namespace simprof
