// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/run_plan.h"

#include "profiler/analysis/operator_order.h"
#include "profiler/analysis/overlay_edits.h"
#include "profiler/planning/overlay_planner.h"
#include "profiler/planning/planner.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace simprof {
namespace {

std::function<bool()> deadlineIn(double seconds) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point end =
        Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    return [end] { return Clock::now() >= end; };
}

MemoryPlan planTensors(const PlanningProblem& problem, const PlanLimits& limits) {
    MemoryPlan plan = planMemory(problem, limits);
    if (findClash(problem, plan.offsets)) {
        throw std::logic_error("a plan of whole tensors does not stand its replay");
    }
    return plan;
}

/// The plan of whole tensors, when the time does not suffice for more.
MemoryPlan asOverlay(MemoryPlan tensorLevel, Bytes liveBound) {
    tensorLevel.lowerBound = liveBound;
    tensorLevel.nodes = 0;
    tensorLevel.end = tensorLevel.isOptimal() ? PlanEnd::Optimal : PlanEnd::TimeLimit;
    return tensorLevel;
}

/// A plan byte by byte, no worse than `tensorLevel`; `constraints` are left in place for those who want to know more.
MemoryPlan planBytes(const OverlayProblem& problem, const MemoryPlan& tensorLevel, double seconds,
                     std::optional<OverlayConstraints>& constraints) {
    const std::function<bool()> expired = deadlineIn(seconds);
    const Bytes live = mostLiveBytes(problem);
    constraints = constraintsOf(problem, expired);
    MemoryPlan plan =
        constraints ? planOverlay(*constraints, live, tensorLevel.offsets, expired) : asOverlay(tensorLevel, live);
    if (findOverwrite(problem, plan.offsets)) {
        throw std::logic_error("a plan byte by byte does not stand its replay");
    }
    return plan;
}

/// Whole tensors over several memories, by their accesses.
SpreadPlan spreadTensors(const Profile& profile, const PlanningProblem& problem, const RunPlanOptions& options) {
    std::vector<std::uint64_t> traffic;
    std::uint64_t all = 0;
    for (const PlannedBuffer& buffer : problem.buffers) {
        traffic.push_back(profile.memory.tensors[buffer.id].accesses);
        all += traffic.back();
    }
    if (all == 0) {
        throw Error("accesses to tensors are not in the profile: take a run with --lives, or the firmware itself");
    }
    std::vector<Bytes> capacities;
    std::string names;
    for (const PlanMemory& memory : options.memories) {
        capacities.push_back(memory.capacity);
        names += (names.empty() ? "" : ", ") + memory.name;
    }
    std::optional<SpreadPlan> plan = spread(problem, traffic, capacities, options.seconds);
    if (!plan) {
        throw Error(fmt::format("the tensors do not fit into {}: give the last one more room", names));
    }
    for (std::size_t memory = 0; memory < capacities.size(); ++memory) {
        PlanningProblem part{{}, problem.alignment};
        std::vector<Bytes> offsets;
        for (std::size_t i = 0; i < problem.buffers.size(); ++i) {
            if (plan->places[i].memory == memory) {
                part.buffers.push_back(problem.buffers[i]);
                offsets.push_back(plan->places[i].offset);
            }
        }
        if (findClash(part, offsets) || plan->peaks[memory] > capacities[memory]) {
            throw std::logic_error("a plan over several memories does not stand its replay");
        }
    }
    return std::move(*plan);
}

} // namespace

RunPlan planRun(const Profile& profile, const RunPlanOptions& options) {
    RunPlan made;
    made.tensors = tensorProblem(profile);
    made.tensors.problem.alignment = options.alignment.value_or(made.tensors.problem.alignment);
    made.tensorLevel = planTensors(made.tensors.problem, {options.capacity, options.seconds});
    if (!options.memories.empty()) {
        made.spread = spreadTensors(profile, made.tensors.problem, options);
    }
    const PlanLevel fullest = hasByteLives(profile, made.tensors) ? PlanLevel::Edits : PlanLevel::Tensor;
    const PlanLevel level = options.level.value_or(fullest);
    if (level == PlanLevel::Tensor) {
        return made;
    }
    const OverlayProblem overlay = overlayProblem(profile, made.tensors);
    if (const auto overwrite = findOverwrite(overlay, made.tensors.offsets)) {
        const auto nameOf = [&](std::size_t buffer) { return profile.memory.tensors[overlay.buffers[buffer].id].name; };
        throw Error(fmt::format("the run cannot be planned byte by byte: {} lies over bytes of {} that are read later, "
                                "so their lives are not what they seem; --level tensor plans whole tensors",
                                nameOf(overwrite->by), nameOf(overwrite->victim)));
    }
    std::optional<OverlayConstraints> constraints;
    made.overlayLevel = planBytes(overlay, made.tensorLevel, options.seconds, constraints);
    if (constraints) {
        made.blockedBy =
            overlayBlockers(profile, overlay, *constraints, *made.overlayLevel, deadlineIn(options.seconds));
    }
    if (level == PlanLevel::Overlay) {
        return made;
    }
    for (EditedProblem& edited : editedProblems(profile, made.tensors, overlay)) {
        EditPlan plan{std::move(edited.what), std::move(edited.layers),
                      planTensors(edited.tensors.problem, {std::nullopt, options.seconds}), std::nullopt};
        plan.overlayLevel = planBytes(edited.overlay, plan.tensorLevel, options.seconds, constraints);
        made.edits.push_back(std::move(plan));
    }
    if (std::optional<OperatorOrder> order = betterOrder(profile, made.tensors.problem)) {
        made.edits.push_back({"operators in another order", std::move(order->layers),
                              planTensors(order->problem, {std::nullopt, options.seconds}), std::nullopt});
    }
    return made;
}

} // namespace simprof
