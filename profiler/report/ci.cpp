// SPDX-License-Identifier: GPL-2.0-or-later
/// The formats that CI servers read: JUnit, GitHub workflow commands, github-action-benchmark.
#include "profiler/analysis/inference_mean.h"
#include "profiler/analysis/network_slice.h"
#include "profiler/analysis/run_end.h"
#include "profiler/analysis/run_name.h"
#include "profiler/analysis/unmodelled_blocks.h"
#include "profiler/report/escape.h"
#include "profiler/report/report.h"
#include "profiler/text/names.h"
#include "profiler/text/numbers.h"

#include <algorithm>
#include <fmt/format.h>

namespace simprof {
namespace {

std::string layerTitle(const LayerInfo& layer) {
    return fmt::format("{} {} {}", layer.id, layer.op.empty() ? "layer" : layer.op,
                       shortName(layer.name, Short::Tensor));
}

/// Seconds with as many digits as a cycle needs.
std::string seconds(double microseconds) { return fmt::format("{:.9f}", microseconds / 1e6); }

std::string worstLayers(const Profile& profile, std::size_t count) {
    std::vector<const LayerInfo*> layers;
    for (const LayerInfo& layer : profile.layers) {
        layers.push_back(&layer);
    }
    std::stable_sort(layers.begin(), layers.end(),
                     [](const LayerInfo* a, const LayerInfo* b) { return a->cycles > b->cycles; });
    std::string out;
    for (std::size_t i = 0; i < layers.size() && i < count; ++i) {
        out +=
            fmt::format("\n{} %  {}",
                        percentText(static_cast<double>(layers[i]->cycles), static_cast<double>(profile.totals.cycles)),
                        layerTitle(*layers[i]));
    }
    return out;
}

} // namespace

std::string reportJunit(const Profile& profile, const ReportOptions&) {
    const bool failed = !endedWell(profile);
    const std::string suite = escapeHtml(plain(runName(profile)));
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    out += fmt::format("<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\" time=\"{}\">\n",
                       suite, profile.layers.size() + 1, failed ? 1 : 0, seconds(profile.totals.timeUs));
    out += fmt::format("  <testcase classname=\"{}\" name=\"run\" time=\"{}\">", suite, seconds(profile.totals.timeUs));
    if (failed) {
        out += fmt::format("<failure type=\"{}\" message=\"{}\"/>", escapeHtml(nameOf(profile.halt.reason)),
                           escapeHtml(plain(profile.halt.what)));
    }
    out += "</testcase>\n";
    for (const LayerInfo& layer : profile.layers) {
        out += fmt::format("  <testcase classname=\"{}\" name=\"{}\" time=\"{}\"/>\n", suite,
                           escapeHtml(plain(layerTitle(layer))), seconds(layer.timeUs));
    }
    return out + "</testsuite>\n";
}

std::string reportGithub(const Profile& profile, const ReportOptions&) {
    std::string out;
    if (!endedWell(profile)) {
        out += fmt::format("::error title={}::{}\n",
                           escapeWorkflowProperty(plain(runName(profile)) + " " + nameOf(profile.halt.reason)),
                           escapeWorkflow(profile.halt.what));
    }
    for (const PeripheralNote& note : notesByBlock(profile)) {
        if (note.kind != NoteKind::Event) {
            out += fmt::format("::warning title={}::{}\n", escapeWorkflowProperty("not modelled: " + note.peripheral),
                               escapeWorkflow(note.what));
        }
    }
    out += fmt::format("::notice title={}::{}\n", escapeWorkflowProperty(runName(profile)),
                       escapeWorkflow(reportSummaryLine(profile) + worstLayers(profile, 5)));
    return out;
}

std::string reportBenchmark(const Profile& profile, const ReportOptions&) {
    const std::string whatIf = runName(profile).substr(profile.firmware.name.size());
    JsonWriter json;
    json.beginArray(JsonWriter::Layout::Lines);
    const auto add = [&](const std::string& name, const char* unit, auto value) {
        json.beginObject();
        json.member("name", name + whatIf);
        json.member("unit", unit);
        json.member("value", value);
        json.endObject();
    };
    const std::size_t networks = networksThatRan(profile);
    for (std::size_t network = 0; network < networks; ++network) {
        const InferenceMean mean = inferenceMean(profile, network);
        const std::string whose = networks < 2 ? "" : fmt::format(" of {}", networkTitle(profile, network));
        add("inference" + whose, "cycles", mean.cycles);
        add("inference time" + whose, "µs", mean.timeUs);
        add("inference energy" + whose, "µJ", mean.energyUj);
    }
    add("total", "cycles", profile.totals.cycles);
    for (const auto& [arena, title] : arenas(profile)) {
        const std::string whose = title.empty() ? "" : " of " + title;
        if (arena.neededBytes != 0) {
            add("arena needed" + whose, "bytes", arena.neededBytes);
        }
        add("arena used" + whose, "bytes", arena.usedBytes);
        add("arena live at the peak" + whose, "bytes", arena.peakLiveBytes);
    }
    add("stack", "bytes", profile.memory.stack.highWaterBytes);
    for (const LayerInfo& layer : profile.layers) {
        add("layer " + layerTitle(layer), "cycles", layer.cycles);
    }
    json.endArray();
    return json.take();
}

} // namespace simprof
