// SPDX-License-Identifier: GPL-2.0-or-later
// Rules about how far the figures can be trusted, subject by subject: what is exact, what follows rules, what was
// assumed or guessed.
#include "profiler/analysis/finding_rules.h"
#include "profiler/analysis/measured_band.h"
#include "profiler/energy/energy.h"
#include "profiler/energy/state_uses.h"
#include "profiler/text/numbers.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof {

namespace {

/// "1 register", "2 registers".
std::string several(std::ptrdiff_t count, const char* what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::vector<Finding> basis(const char* title, const char* target, std::string text) {
    return {{title, target, Severity::Basis, std::move(text)}};
}

} // namespace

std::vector<Finding> findExactFigures(const Profile&) {
    return basis("Exact", "counts", "instructions, calls, bytes read and written, the life of each byte");
}

std::vector<Finding> findTimingRules(const Profile& profile) {
    const auto assumed = std::ranges::count_if(
        profile.board.assumptions, [](const std::string& text) { return text.find("assumed") != std::string::npos; });
    return basis("Cycles", "cycles",
                 fmt::format("by the timing rules of the {} and of the memories as programmed{}", profile.board.core,
                             assumed == 0
                                 ? ""
                                 : fmt::format("; assumed for {} {}", assumed, assumed == 1 ? "memory" : "memories")));
}

std::vector<Finding> findMeasuredBoard(const Profile& profile) {
    return basis(
        "On boards", "board",
        sentenceOf(measuredBand(measuredCases(), profile.totals.code, profile.board.name, profile.board.core)));
}

std::vector<Finding> findAttribution(const Profile& profile) {
    if (profile.inferences.empty() || profile.layers.empty()) {
        return {};
    }
    return basis(
        "Attributed", "network",
        fmt::format("{} % of the cycles inside inferences to a layer", fixed(profile.totals.attributedPercent, 2)));
}

std::vector<Finding> findEnergyBand(const Profile& profile) {
    if (profile.board.supplyFigures && isAtLeast(profile)) {
        std::string unknown;
        for (const StateUse& use : profile.powerStates) {
            if (use.cycles != 0 && !use.microamp) {
                unknown +=
                    fmt::format("{}{} in {}", unknown.empty() ? "" : ", ", humanTime(use.timeUs), describeState(use));
            }
        }
        return basis("Energy", "energy",
                     fmt::format("running ±{} % ({}); the sum is a least: no current is documented for {}",
                                 fixed(profile.totals.energyBandPercent, 0), profile.board.supply, unknown));
    }
    return basis("Energy", "energy",
                 profile.totals.energyUj > 0
                     ? fmt::format("±{} % ({})", fixed(profile.totals.energyBandPercent, 0), profile.board.supply)
                     : "unknown: no current of this board is documented");
}

std::vector<Finding> findModels(const Profile& profile) {
    const auto notes = [&](NoteKind kind) {
        return std::ranges::count(profile.peripherals, kind, &PeripheralNote::kind);
    };
    const auto unmodelled = notes(NoteKind::Unmodelled);
    const auto polls = notes(NoteKind::PollSatisfied);
    return basis("Peripherals", "peripherals",
                 unmodelled + polls == 0 ? "everything the firmware touched is modelled"
                                         : fmt::format("{} without a model, {} ended by a guess",
                                                       several(unmodelled, "register"), several(polls, "wait loop")));
}

} // namespace simprof
