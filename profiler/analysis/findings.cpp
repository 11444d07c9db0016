// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/findings.h"

#include "profiler/analysis/finding_rules.h"
#include "profiler/text/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace simprof {

namespace {

constexpr auto kRules = std::to_array<FindingRule>({
    {"how the run ended", findEnd},
    {"the firmware's own exit code", findExitCode},
    {"text that nobody saw", findUnwatched},
    {"text by USB", findUsb},
    {"whether there is a network, and who owns its cycles", findNetwork},
    {"networks in the image that did not run", findIdleNetworks},
    {"kernels that are not optimised", findReferenceKernels},
    {"room on the stack", findStack},
    {"an arena larger than needed", findArena},
    {"what devices reported", findEvents},
    {"registers without a model", findUnmodelled},
    {"waits ended by a guess", findPolls},
    {"the slowest layers", findSlowestLayers},
    {"the slowest functions, without layers", findSlowestFunctions},
    {"what is counted", findExactFigures},
    {"what cycles follow", findTimingRules},
    {"how far cycles were from measured ones", findMeasuredBoard},
    {"how much a layer owns", findAttribution},
    {"what energy rests on", findEnergyBand},
    {"what was not modelled", findModels},
});

std::string savingsText(const Savings& saves) {
    std::string out;
    const auto add = [&out](const std::string& amount) { out += (out.empty() ? "" : ", ") + amount; };
    if (saves.cycles != 0) {
        add(grouped(saves.cycles) + " cycles");
    }
    if (saves.timeUs > 0) {
        add(humanTime(saves.timeUs));
    }
    if (saves.energyUj > 0) {
        add(humanEnergy(saves.energyUj));
    }
    if (saves.bytes != 0) {
        add(grouped(saves.bytes) + " B");
    }
    return out;
}

} // namespace

std::span<const FindingRule> findingRules() { return kRules; }

std::vector<Finding> makeFindings(const Profile& profile) {
    std::vector<Finding> all;
    for (const FindingRule& rule : kRules) {
        std::ranges::move(rule.findings(profile), std::back_inserter(all));
    }
    std::ranges::stable_sort(all, {}, &Finding::severity);
    return all;
}

std::vector<Finding> findingsOf(const Profile& profile, Severity severity) {
    std::vector<Finding> some;
    std::ranges::copy_if(profile.findings, std::back_inserter(some),
                         [severity](const Finding& finding) { return finding.severity == severity; });
    return some;
}

std::vector<Finding> remarksOf(const Profile& profile) {
    std::vector<Finding> some;
    std::ranges::copy_if(profile.findings, std::back_inserter(some), [&profile](const Finding& finding) {
        const bool saidByFault =
            profile.halt.fault && finding.severity == Severity::Error && finding.target == kRunTarget;
        return finding.severity != Severity::Advice && finding.severity != Severity::Basis && !saidByFault;
    });
    return some;
}

std::string sentencesOf(const Finding& finding) {
    std::string out = finding.text;
    const auto add = [&out](const char* what, const std::string& text) {
        out += text.empty() ? "" : fmt::format(" {}: {}.", what, text);
    };
    add("To change", finding.how);
    add("Saves", finding.saves ? savingsText(*finding.saves) : "");
    add("Costs", finding.cost);
    add("See", finding.proof);
    return out;
}

std::string adviceTitle(const Profile& profile) {
    return profile.layers.empty() ? "Functions to attack first" : "Layers to attack first";
}

std::optional<std::size_t> targetLayer(const Profile& profile, const Finding& finding) {
    for (std::size_t i = 0; i < profile.layers.size(); ++i) {
        if (finding.target == fmt::format("layer {}", i)) {
            return i;
        }
    }
    return std::nullopt;
}

} // namespace simprof
