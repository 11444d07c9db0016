// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/advice/rules.h"

#include "profiler/analysis/run_plan.h"
#include "profiler/text/names.h"
#include "profiler/text/numbers.h"
#include "sim_core/cores.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

namespace simprof {

namespace {

constexpr double kWorthSaying = 0.02; ///< share of the run
constexpr double kFarBelow = 0.5;     ///< of the rate that the same kernel reaches elsewhere

/// Run-time functions of floating point for cores without it (Arm IHI 0043, 4.1.2), and what GCC calls them.
bool isSoftFloat(const std::string& name) {
    static constexpr auto kBegins = std::to_array<std::string_view>(
        {"__aeabi_f", "__aeabi_d", "__aeabi_i2f", "__aeabi_i2d", "__aeabi_ui2f", "__aeabi_ui2d", "__aeabi_l2f",
         "__aeabi_l2d", "__aeabi_cfcmp", "__aeabi_cdcmp"});
    static constexpr auto kEnds = std::to_array<std::string_view>({"sf3", "df3", "sf2", "df2", "sfsi", "dfsi"});
    return std::ranges::any_of(kBegins, [&](std::string_view begin) { return name.starts_with(begin); }) ||
           (name.starts_with("__") &&
            std::ranges::any_of(kEnds, [&](std::string_view end) { return name.ends_with(end); }));
}

std::vector<Finding> softFloat(const Profile& profile) {
    Cycles cycles = 0;
    for (const FunctionInfo& function : profile.functions) {
        cycles += isSoftFloat(function.name) ? function.selfCycles : 0;
    }
    if (cycles == 0 || static_cast<double>(cycles) < kWorthSaying * static_cast<double>(profile.totals.cycles)) {
        return {};
    }
    const CoreKind* core = findCore(profile.board.core);
    const bool fpu = core != nullptr && core->fpu != FpuVersion::None;
    return {{"floating point by software", "run", Severity::Advice,
             fmt::format("{} cycles, {} % of the run, are in the library's floating point.", grouped(cycles),
                         percentText(static_cast<double>(cycles), static_cast<double>(profile.totals.cycles))),
             std::nullopt, "",
             fpu ? "compile for the FPU (-mfpu, -mfloat-abi=hard), and double as float where that is enough"
                 : "compute in integers, or once before the inferences"}};
}

/// Layers far below the rate that the same kernel reaches in another.
std::vector<Finding> slowerThanElsewhere(const Profile& profile) {
    std::map<std::string, const LayerInfo*> best; ///< by kernel and operator
    const auto keyOf = [](const LayerInfo& layer) { return layer.kernel + "\n" + layer.op; };
    for (const LayerInfo& layer : profile.layers) {
        const LayerInfo*& known = best[keyOf(layer)];
        known = known == nullptr || known->macsPerCycle < layer.macsPerCycle ? &layer : known;
    }
    std::vector<Finding> out;
    for (const LayerInfo& layer : profile.layers) {
        const LayerInfo& other = *best[keyOf(layer)];
        if (layer.macs == 0 || layer.kernel.empty() || layer.calls == 0 || other.macsPerCycle <= 0 ||
            layer.macsPerCycle > kFarBelow * other.macsPerCycle ||
            static_cast<double>(layer.cycles) < kWorthSaying * static_cast<double>(profile.totals.cycles)) {
            continue;
        }
        const double share = 1 - layer.macsPerCycle / other.macsPerCycle;
        const double calls = layer.calls;
        out.push_back(
            {"a kernel that is faster elsewhere", fmt::format("layer {}", layer.id), Severity::Advice,
             fmt::format("At layer {}'s {} MACs per cycle {} would take {} less; both run {}.", other.id,
                         fixed(other.macsPerCycle, 2), layerTitle(layer.id, layer.op, layer.name),
                         humanTime(share * layer.timeUs / calls), shortName(layer.kernel, Short::ScopedFunction)),
             Savings{static_cast<Cycles>(share * static_cast<double>(layer.cycles) / calls),
                     share * layer.timeUs / calls, share * layer.energyUj / calls, 0},
             "", "look at its shape and alignment: channels in multiples of four, rows that need no edges"});
    }
    return out;
}

std::vector<Finding> stackBeyondNeed(const Profile& profile) {
    constexpr Bytes kMargin = 2; // times the high water mark
    constexpr Bytes kLeast = 1024;
    const StackUse& stack = profile.memory.stack;
    const Bytes needed = (kMargin * stack.highWaterBytes + 7) / 8 * 8;
    if (stack.sizeBytes < needed + kLeast) {
        return {};
    }
    return {
        {"stack reserved beyond need", "stack", Severity::Advice,
         fmt::format("{} B of {} B of the stack were used.", grouped(stack.highWaterBytes), grouped(stack.sizeBytes)),
         Savings{0, 0, 0, stack.sizeBytes - needed}, "",
         fmt::format("reserve {} B, twice what was used: interrupts that did not come need some", grouped(needed))}};
}

/// A plan of the tensors that needs less than the runtime's own.
std::vector<Finding> betterPlan(const Profile& profile) {
    if (profile.memory.tensors.empty() || !profile.memory.arena) {
        return {};
    }
    RunPlanOptions options;
    options.level = PlanLevel::Tensor;
    options.seconds = 2;
    std::optional<RunPlan> plan;
    try {
        plan = planRun(profile, options);
    } catch (const Error&) { // no blocks that can be moved
        return {};
    }
    const Bytes now = peakOf(plan->tensors.problem, plan->tensors.offsets);
    if (plan->tensorLevel.peak >= now || now > reserved(*profile.memory.arena)) { // not all of them lie in the arena
        return {};
    }
    return {{"a better plan of the tensors", "arena", Severity::Advice,
             fmt::format("The runtime's own plan takes {} B, {} B are enough.", grouped(now),
                         grouped(plan->tensorLevel.peak)),
             Savings{0, 0, 0, now - plan->tensorLevel.peak}, "",
             "write the plan into the flatbuffer: simprof plan FIRMWARE --as offline-plan -o net.tflite",
             "simprof plan FIRMWARE"}};
}

/// What the profile says of reference kernels and arenas already.
std::vector<Finding> known(const Profile& profile) {
    std::vector<Finding> out;
    std::ranges::copy_if(profile.findings, std::back_inserter(out), [](const Finding& finding) {
        return finding.title == "reference kernels" || finding.title == "arena larger than needed";
    });
    return out;
}

} // namespace

std::vector<Finding> adviceRules(const Profile& profile) {
    std::vector<Finding> all;
    for (auto* rule : {known, softFloat, slowerThanElsewhere, betterPlan, stackBeyondNeed}) {
        std::ranges::move(rule(profile), std::back_inserter(all));
    }
    std::ranges::stable_sort(all, std::greater(), [](const Finding& finding) {
        return std::pair(finding.saves ? finding.saves->timeUs : 0, finding.saves ? finding.saves->bytes : 0);
    });
    return all;
}

} // namespace simprof
