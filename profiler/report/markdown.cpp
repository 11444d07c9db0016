// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/findings.h"
#include "profiler/analysis/inference_mean.h"
#include "profiler/analysis/network_slice.h"
#include "profiler/analysis/run_name.h"
#include "profiler/analysis/unmodelled_blocks.h"
#include "profiler/report/escape.h"
#include "profiler/report/findings_report.h"
#include "profiler/report/report.h"
#include "profiler/text/numbers.h"

#include <fmt/format.h>

namespace simprof {
namespace {

constexpr std::size_t kTopFunctions = 10;

std::string factTable(const Profile& profile) {
    Table facts{"facts", {{"what", "", Column::Kind::Name}, {"value", "", Column::Kind::Name}}, {}, {}};
    const auto add = [&](const char* what, const std::string& value) {
        facts.rows.push_back({Cell::name(what), Cell::name(value)});
    };
    for (const std::string& sentence : whatIfSentences(profile)) {
        add("what if", sentence);
    }
    add("board", fmt::format("{} ({}, {} at {})", profile.board.name, profile.board.mcu, profile.board.core,
                             humanFrequency(profile.board.clockHz)));
    if (!profile.board.guess.empty()) {
        add("chosen", profile.board.guess);
    }
    if (profile.layers.empty()) {
        add("network", "none recognised: " + profile.network.why);
    }
    for (std::size_t i = 0; i < networksThatRan(profile); ++i) {
        const ProfileNetwork& network = profile.networks[i];
        add("network", fmt::format("{}, {} operators, by {}", network.name, network.operators, network.recogniser));
        const InferenceMean mean = inferenceMean(profile, i);
        add("inference", fmt::format("{}, {} cycles, {} ±{:.0f} %", humanTime(mean.timeUs), fixed(mean.cycles, 0),
                                     humanEnergy(mean.energyUj), profile.totals.energyBandPercent));
        add("inferences", grouped(mean.count) + (mean.cut ? " and one cut short" : ""));
    }
    for (const auto& [arena, title] : arenas(profile)) {
        add("arena",
            fmt::format("{} B {}{}, {} B touched, {} B live at the peak{}{}", grouped(reserved(arena)),
                        isReserved(arena) ? "reserved" : "in use",
                        arena.neededBytes == 0 ? "" : fmt::format(", {} B needed", grouped(arena.neededBytes)),
                        grouped(arena.usedBytes), grouped(arena.peakLiveBytes), title.empty() ? "" : ", of ", title));
    }
    add("stack", grouped(profile.memory.stack.highWaterBytes) + " B");
    add("ended", nameOf(profile.halt.reason) + (profile.halt.what.empty() ? "" : ": " + profile.halt.what));
    return renderMarkdown(facts);
}

} // namespace

std::string reportMarkdown(const Profile& profile, const ReportOptions& options) {
    if (options.by) {
        return renderMarkdown(shownTableBy(profile, *options.by));
    }
    Table layers = profile.layers.empty() ? ownerTable(profile) : layerTable(profile);
    layers.dropEmptyColumns(2);
    std::string out = fmt::format("## {}\n\n{}\n### Layers\n\n{}", escapeMarkdown(runName(profile)), factTable(profile),
                                  renderMarkdown(layers));
    for (const FindingGroup& group : findingGroups(profile)) {
        out += fmt::format("\n### {}\n\n", group.title);
        for (const Finding& finding : group.findings) {
            out +=
                fmt::format("- {}: {}\n", escapeMarkdown(findingLabel(finding)), escapeMarkdown(sentencesOf(finding)));
        }
    }
    if (!profile.functions.empty()) {
        out += "\n### Functions\n\n" + renderMarkdown(functionTable(profile, kTopFunctions));
    }
    if (!profile.peripherals.empty()) {
        out += "\n### Not modelled\n\n";
        for (const PeripheralNote& note : notesByBlock(profile)) {
            out += fmt::format("- {}: {} ({}, {} times)\n", escapeMarkdown(note.peripheral), escapeMarkdown(note.what),
                               escapeMarkdown(nameOf(note.kind)), grouped(note.count));
        }
    }
    return out;
}

} // namespace simprof
