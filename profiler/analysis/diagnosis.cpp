// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/diagnosis.h"

#include "profiler/analysis/finding_rules.h"
#include "profiler/text/names.h"
#include "profiler/text/numbers.h"
#include "sim_core/cores.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace simprof {

namespace {

constexpr double kWorthSaying = 0.12; ///< share of a layer's cycles from which a stall is named
constexpr double kMostlyBusy = 0.55;  ///< share of issued instructions from which waiting is not what matters
constexpr std::size_t kWorst = 3;     ///< layers or functions to attack first
constexpr std::size_t kSentences = 2; ///< of a layer's diagnosis that matter most

double asDouble(Cycles cycles) { return static_cast<double>(cycles); }

bool isReferenceKernel(const std::string& kernel) {
    return kernel.find("reference_") != std::string::npos || kernel.find("::reference") != std::string::npos ||
           kernel.find("EvalRef") != std::string::npos;
}

const char* adviceFor(Stall stall) {
    switch (stall) {
    case Stall::Fetch:
        return "waiting for instructions: run the kernel from RAM, or see that prefetch and instruction cache are on";
    case Stall::LoadStore:
        return "loading and storing: more work per loaded word (wider loads, more output channels at once) would pay";
    case Stall::AddressDependency: return "waiting for operands: loads are used in the instruction after them";
    case Stall::BranchRefill: return "refilling the pipeline after branches: the inner loop is short, unroll it";
    case Stall::MultiCycle: return "in long instructions (divide, long multiply, FPU)";
    case Stall::CacheMiss: return "waiting for data memory: weights or activations come from flash or miss the cache";
    case Stall::BusContention: return "waiting for the bus that another master holds";
    case Stall::Exception: return "entering and leaving interrupts";
    case Stall::Sleep: return "asleep: it waits for an event";
    case Stall::Issue: break;
    }
    return "";
}

/// "11.8 % of the run".
std::string shareOfRun(const Profile& profile, Cycles cycles) {
    return percentText(asDouble(cycles), asDouble(std::max<Cycles>(1, profile.totals.cycles))) + " % of the run";
}

} // namespace

double peakMacsPerCycle(const std::string& core) {
    const CoreKind* kind = findCore(core);
    return kind != nullptr ? kind->peakMacsPerCycle : 0.5;
}

std::vector<std::string> diagnoseLayer(const Profile& profile, const LayerInfo& layer) {
    std::vector<std::string> sentences;
    if (isReferenceKernel(layer.kernel)) {
        sentences.push_back("It runs a reference kernel (" + layer.kernel +
                            "); an optimised one is several times faster.");
    }
    const double cycles = std::max(1.0, asDouble(layer.cycles));
    const double peak = peakMacsPerCycle(profile.board.core);
    if (layer.macs == 0) {
        sentences.emplace_back("It computes no multiply-accumulates: its time goes into moving and transforming data.");
    } else {
        sentences.push_back(fixed(layer.macsPerCycle, 2) + " MACs per cycle, " +
                            fixed(100 * layer.macsPerCycle / peak, 0) + " % of what the core can do (" +
                            fixed(peak, 1) + ").");
    }
    const double issue = asDouble(layer.stalls[static_cast<std::size_t>(Stall::Issue)]) / cycles;
    if (issue >= kMostlyBusy) {
        const double macs = asDouble(layer.macs) * layer.calls;
        const std::string busy = fixed(100 * issue, 0) + " % of its cycles issue instructions";
        sentences.push_back(macs == 0 ? busy + "."
                                      : busy + ", " + fixed(asDouble(layer.instructions) / macs, 1) +
                                            " a MAC: SIMD, more outputs per loaded word or longer inner loops would "
                                            "pay.");
    }
    std::vector<std::size_t> order(kStallCount);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return layer.stalls[a] > layer.stalls[b]; });
    for (const std::size_t stall : order) {
        const double share = asDouble(layer.stalls[stall]) / cycles;
        if (static_cast<Stall>(stall) != Stall::Issue && share >= kWorthSaying) {
            sentences.push_back(fixed(100 * share, 0) + " % of its cycles go into " +
                                adviceFor(static_cast<Stall>(stall)) + ".");
        }
    }
    return sentences;
}

std::vector<std::size_t> slowestLayers(const Profile& profile, std::size_t most) {
    std::vector<std::size_t> order(profile.layers.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) { return profile.layers[i].cycles; });
    order.resize(std::min(order.size(), most));
    return order;
}

std::vector<Finding> findReferenceKernels(const Profile& profile) {
    const auto reference = std::ranges::count_if(profile.layers, isReferenceKernel, &LayerInfo::kernel);
    if (reference == 0) {
        return {};
    }
    return {{"reference kernels", "network", Severity::Warning,
             fmt::format("{} of {} layers run reference kernels: the optimised library is not linked for them.",
                         reference, profile.layers.size())}};
}

std::vector<Finding> findSlowestLayers(const Profile& profile) {
    std::vector<Finding> out;
    for (const std::size_t index : slowestLayers(profile, kWorst)) {
        const LayerInfo& layer = profile.layers[index];
        std::vector<std::string> sentences = diagnoseLayer(profile, layer);
        sentences.resize(std::min(sentences.size(), kSentences));
        out.push_back({layerTitle(layer.id, layer.op, layer.name), fmt::format("layer {}", index), Severity::Advice,
                       fmt::format("{}, {}. {}", shareOfRun(profile, layer.cycles), humanTime(layer.timeUs),
                                   fmt::join(sentences, " "))});
    }
    return out;
}

std::vector<Finding> findSlowestFunctions(const Profile& profile) {
    std::vector<Finding> out;
    for (std::size_t i = 0; profile.layers.empty() && i < std::min(kWorst, profile.functions.size()); ++i) {
        const FunctionInfo& function = profile.functions[i];
        if (function.selfCycles == 0) {
            break; // they are sorted
        }
        const std::string name = shortName(function.name, Short::Function);
        out.push_back({name, "function " + function.name, Severity::Advice,
                       fmt::format("{} cycles of its own, {}, {} {}.", grouped(function.selfCycles),
                                   shareOfRun(profile, function.selfCycles), grouped(function.calls),
                                   function.calls == 1 ? "call" : "calls")});
    }
    return out;
}

} // namespace simprof
