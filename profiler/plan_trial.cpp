// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/plan_trial.h"

#include "profiler/analysis/offline_offsets.h"
#include "profiler/network/offline_plan.h"
#include "profiler/run/network_choice.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace simprof {
namespace {

/// Whether the tensors that were accessed lie at the plan's distances from each other.
bool liesAsPlanned(const Profile& tried, const Profile& profile, const RunPlan& plan) {
    const MemoryPlan& best = plan.overlayLevel ? *plan.overlayLevel : plan.tensorLevel;
    std::optional<std::int64_t> base;
    for (std::size_t i = 0; i < best.offsets.size(); ++i) {
        const TensorLife& tensor = profile.memory.tensors[plan.tensors.problem.buffers[i].id];
        if (tensor.kind == TensorKind::Scratch || tensor.kind == TensorKind::State) {
            continue;
        }
        const auto found = std::ranges::find_if(tried.memory.tensors, [&tensor](const TensorLife& other) {
            return other.name == tensor.name && other.writer == tensor.writer && other.network == tensor.network;
        });
        if (found == tried.memory.tensors.end()) {
            continue; // RESHAPE copies nothing where its output lies over its input
        }
        const std::int64_t zero = std::int64_t{found->address} - static_cast<std::int64_t>(best.offsets[i]);
        if (base.value_or(zero) != zero) {
            return false;
        }
        base = zero;
    }
    return base.has_value();
}

} // namespace

void checkBuild(const FirmwareImage& firmware, const Profile& profile) {
    if (firmware.changed != profile.firmware.changed) {
        throw Error(fmt::format("the plan is for another build: {}",
                                profile.firmware.changed.empty() ? firmware.changed : profile.firmware.changed));
    }
    if (firmware.sha256 != profile.firmware.sha256) {
        throw Error(fmt::format("the plan is for another build: the profile is of a firmware with SHA-256 {:.12}…, and "
                                "'{}' has {:.12}…",
                                profile.firmware.sha256, firmware.name, firmware.sha256));
    }
}

NewNetwork plannedNetwork(const FirmwareImage& firmware, const Profile& profile, const RunPlan& plan) {
    std::optional<Error> why;
    for (const NetworkImage& found : chooseNetworks(firmware, std::nullopt).inImage) {
        try {
            const std::vector<std::int32_t> offsets = offlineOffsets(found.network, profile, plan);
            return {found.address, withOfflinePlan(firmware.bytesAt(found.address, found.network.usedBytes), offsets)};
        } catch (const Error& error) {
            why = error;
        }
    }
    throw why.value_or(Error(fmt::format("'{}' holds no flatbuffer that a plan could be added to", firmware.name)));
}

PlanTrial tryPlan(const FirmwareImage& firmware, const RunOptions& options, const Profile& profile,
                  const RunPlan& plan) {
    checkBuild(firmware, profile);
    if (profile.console.empty()) {
        throw Error("the firmware printed nothing in the run that is planned: there is no output to compare");
    }
    const Profile tried = profileRun(withNetwork(firmware, plannedNetwork(firmware, profile, plan)), options);
    PlanTrial trial;
    trial.isApplied = liesAsPlanned(tried, profile, plan);
    trial.sameOutput = tried.console == profile.console && tried.halt.reason == profile.halt.reason &&
                       tried.halt.exitCode == profile.halt.exitCode;
    const TensorProblem tensors = tensorProblem(tried);
    trial.peak = peakOf(tensors.problem, tensors.offsets);
    return trial;
}

} // namespace simprof
