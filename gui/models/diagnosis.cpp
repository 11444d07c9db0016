// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/diagnosis.h"

#include "peripherals/boards/measured.h"
#include "profiler/report/numbers.h"
#include "profiler/report/report.h"
#include "sim_core/cores.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace simprof::gui {

namespace {

constexpr double kWorthSaying = 0.12; ///< share of a layer's cycles from which a stall is named
constexpr double kMostlyBusy = 0.55;  ///< share of issued instructions from which waiting is not what matters
constexpr double kStackNearLimit = 0.85;

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

std::string kiloText(Bytes bytes) { return grouped(bytes) + " B"; }

/// "1 register", "2 registers".
std::string several(std::ptrdiff_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

/// How far simulated cycles of this board were from measured ones; "" when none were compared.
std::string measuredErrors(const std::string& board) {
    double sum = 0;
    double worst = 0;
    unsigned count = 0;
    for (const MeasuredCase& compared : measuredCases()) {
        if (compared.board == board) {
            const double error = std::abs(compared.errorPercent());
            sum += error;
            worst = std::max(worst, error);
            ++count;
        }
    }
    return count == 0 ? ""
                      : "cycles were off by " + fixed(sum / count, 2) + " % on average, " + fixed(worst, 2) +
                            " % at worst, in " + std::to_string(count) +
                            (count == 1 ? " measurement" : " measurements") + " of this board";
}

void addHalt(const Profile& profile, std::vector<Remark>& out) {
    if (isPartial(profile)) {
        out.push_back(
            {Remark::Kind::Warning, "Partial profile: the run was cancelled; all figures cover what ran until then."});
    } else if (!endedWell(profile)) {
        out.push_back({Remark::Kind::Error, "The run did not end well: " + profile.halt.what});
    }
    if (profile.halt.exitCode != 0) {
        out.push_back({Remark::Kind::Warning,
                       "The firmware ended with exit code " + std::to_string(profile.halt.exitCode) + "."});
    }
}

void addMemory(const Profile& profile, std::vector<Remark>& out) {
    const StackUse& stack = profile.memory.stack;
    if (!stack.overflowsInto.empty()) {
        out.push_back({Remark::Kind::Error, "The stack runs over into " + stack.overflowsInto + "."});
    } else if (stack.sizeBytes != 0 && asDouble(stack.highWaterBytes) > kStackNearLimit * asDouble(stack.sizeBytes)) {
        out.push_back({Remark::Kind::Warning, "The stack is near its limit: " + kiloText(stack.highWaterBytes) +
                                                  " of " + kiloText(stack.sizeBytes) + " used."});
    }
    const auto& arena = profile.memory.arena;
    if (arena && arena->usedBytes != 0 && arena->usedBytes < arena->sizeBytes) {
        out.push_back(
            {Remark::Kind::Note, "The arena is larger than needed: " + kiloText(arena->sizeBytes - arena->usedBytes) +
                                     " of " + kiloText(arena->sizeBytes) + " were never touched."});
    }
}

void addNetwork(const Profile& profile, std::vector<Remark>& out) {
    if (profile.layers.empty()) {
        out.push_back({Remark::Kind::Warning,
                       "No network was recognised" + (profile.network.why.empty() ? "." : ": " + profile.network.why)});
        return;
    }
    const auto reference = std::count_if(profile.layers.begin(), profile.layers.end(),
                                         [](const LayerInfo& l) { return isReferenceKernel(l.kernel); });
    if (reference != 0) {
        out.push_back({Remark::Kind::Warning,
                       std::to_string(reference) + " of " + std::to_string(profile.layers.size()) +
                           " layers run reference kernels: the optimised library is not linked for them."});
    }
    if (!profile.inferences.empty() && profile.totals.attributedPercent < 98) {
        out.push_back({Remark::Kind::Warning, "Only " + fixed(profile.totals.attributedPercent, 1) +
                                                  " % of the cycles inside inferences belong to a layer."});
    }
}

void addPeripherals(const Profile& profile, std::vector<Remark>& out) {
    std::size_t unmodelled = 0;
    std::size_t polls = 0;
    for (const PeripheralNote& note : profile.peripherals) {
        unmodelled += note.kind == NoteKind::Unmodelled ? 1 : 0;
        polls += note.kind == NoteKind::PollSatisfied ? 1 : 0;
        if (note.kind == NoteKind::Event) {
            out.push_back({Remark::Kind::Warning, note.peripheral + ": " + note.what});
        }
    }
    if (unmodelled != 0) {
        out.push_back({Remark::Kind::Note, std::to_string(unmodelled) +
                                               (unmodelled == 1 ? " register that is" : " registers that are") +
                                               " not modelled " + (unmodelled == 1 ? "was" : "were") +
                                               " touched; they keep what was written."});
    }
    if (polls != 0) {
        out.push_back(
            {Remark::Kind::Note,
             std::to_string(polls) + (polls == 1 ? " wait loop was" : " wait loops were") + " satisfied by a guess."});
    }
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

std::vector<int> slowestLayers(const Profile& profile, std::size_t most) {
    std::vector<int> order(profile.layers.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return profile.layers[static_cast<std::size_t>(a)].cycles > profile.layers[static_cast<std::size_t>(b)].cycles;
    });
    order.resize(std::min(order.size(), most));
    return order;
}

std::vector<Remark> remarks(const Profile& profile) {
    std::vector<Remark> out;
    addHalt(profile, out);
    addNetwork(profile, out);
    addMemory(profile, out);
    addPeripherals(profile, out);
    std::stable_sort(out.begin(), out.end(), [](const Remark& a, const Remark& b) { return a.kind < b.kind; });
    return out;
}

std::vector<std::pair<std::string, std::string>> faithfulness(const Profile& profile) {
    std::vector<std::pair<std::string, std::string>> out;
    out.emplace_back("Exact", "instructions, calls, bytes read and written, the life of each byte");
    const ProfileBoard& board = profile.board;
    const auto assumed = std::count_if(board.assumptions.begin(), board.assumptions.end(), [](const std::string& text) {
        return text.find("assumed") != std::string::npos;
    });
    out.emplace_back("Cycles", "by the timing rules of the " + board.core + " and of the memories as programmed" +
                                   (assumed == 0 ? std::string()
                                                 : "; assumed for " + std::to_string(assumed) +
                                                       (assumed == 1 ? " memory" : " memories")));
    if (const std::string compared = measuredErrors(board.name); !compared.empty()) {
        out.emplace_back("On boards", compared);
    }
    if (!profile.inferences.empty() && !profile.layers.empty()) {
        out.emplace_back("Attributed",
                         fixed(profile.totals.attributedPercent, 2) + " % of the cycles inside inferences to a layer");
    }
    if (profile.totals.energyUj > 0) {
        out.emplace_back("Energy", "±" + fixed(profile.totals.energyBandPercent, 0) + " % (" + board.supply + ")");
    } else {
        out.emplace_back("Energy", "unknown: no current of this board is documented");
    }
    const auto notes = [&](NoteKind kind) {
        return std::count_if(profile.peripherals.begin(), profile.peripherals.end(),
                             [&](const PeripheralNote& note) { return note.kind == kind; });
    };
    const auto unmodelled = notes(NoteKind::Unmodelled);
    const auto polls = notes(NoteKind::PollSatisfied);
    out.emplace_back("Peripherals", unmodelled + polls == 0 ? "everything the firmware touched is modelled"
                                                            : several(unmodelled, "register") + " without a model, " +
                                                                  several(polls, "wait loop") + " ended by a guess");
    return out;
}

bool isPartial(const Profile& profile) { return profile.halt.reason == HaltReason::Kind::Cancelled; }

} // namespace simprof::gui
