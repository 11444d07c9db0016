// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/report.h"

#include "profiler/analysis/inference_mean.h"
#include "profiler/analysis/network_slice.h"
#include "profiler/analysis/run_name.h"
#include "profiler/profile_json.h"
#include "profiler/report/escape.h"
#include "profiler/report/suggest.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace simprof {
namespace {

constexpr auto kFormats = std::to_array<ReportFormat>({
    {"text", "tables for people", true, reportText},
    {"json", "the profile itself, or one table with --by", true, reportJson},
    {"markdown", "tables for a pull request or a README", true, reportMarkdown},
    {"html", "one file with pictures, no network", false, reportHtml},
    {"csv", "one row a layer, for a spreadsheet", true, reportCsv},
    {"junit", "one test case a layer, for CI servers", false, reportJunit},
    {"perfetto", "Chrome trace JSON for ui.perfetto.dev", false, reportPerfetto},
    {"callgrind", "for KCachegrind and callgrind_annotate", false, reportCallgrind},
    {"collapsed", "stacks with cycles, for flame graphs", false, reportCollapsed},
    {"speedscope", "for speedscope.app", false, reportSpeedscope},
    {"github", "annotations of a GitHub workflow", false, reportGithub},
    {"benchmark", "github-action-benchmark's customSmallerIsBetter", false, reportBenchmark},
});

} // namespace

std::span<const ReportFormat> reportFormats() { return kFormats; }

const ReportFormat& findReportFormat(std::string_view name, std::span<const ReportFormat> formats) {
    std::vector<std::string> known;
    for (const ReportFormat& format : formats) {
        if (name == format.name) {
            return format;
        }
        known.emplace_back(format.name);
    }
    throw Error(fmt::format("there is no report format '{}'{}: it is one of {}", name, didYouMean(name, known),
                            fmt::join(known, ", ")));
}

std::string writeReport(const Profile& profile, const ReportFormat& format, const ReportOptions& options) {
    if (options.by && !format.tables) {
        throw Error(
            fmt::format("--by chooses a table: use it with text, json, markdown or csv, not with {}", format.name));
    }
    return options.network.empty() ? format.write(profile, options)
                                   : format.write(chosenNetwork(profile, options.network), options);
}

std::string reportJson(const Profile& profile, const ReportOptions& options) {
    if (!options.by) {
        return toJson(profile);
    }
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Lines);
    json.member("schema", "simprof-table/1");
    json.member("by", reportByNames()[static_cast<std::size_t>(*options.by)]);
    json.member("firmware", runName(profile));
    json.member("board", profile.board.name);
    json.key("rows");
    renderJson(tableBy(profile, *options.by), json);
    json.endObject();
    return json.take();
}

std::string reportCsv(const Profile& profile, const ReportOptions& options) {
    return renderCsv(tableBy(profile, options.by.value_or(ReportBy::Layer)));
}

std::string reportSummaryLine(const Profile& profile) {
    std::string line = fmt::format("{} on {}: ", plain(runName(profile)), plain(profile.board.name));
    if (profile.inferences.empty()) {
        line += fmt::format("no inference seen, {} cycles, {}", grouped(profile.totals.cycles),
                            humanTime(profile.totals.timeUs));
    } else {
        const std::size_t networks = std::max<std::size_t>(networksThatRan(profile), 1);
        for (std::size_t network = 0; network < networks; ++network) {
            const InferenceMean mean = inferenceMean(profile, network);
            line += networks < 2
                        ? ""
                        : fmt::format("{}{}: ", network == 0 ? "" : ", ", plain(networkTitle(profile, network)));
            line += fmt::format("{}, {} cycles ({}){}", inferenceCount(profile, network), fixed(mean.cycles, 0),
                                humanTime(mean.timeUs), mean.count < 2 ? "" : " each");
        }
    }
    return line + fmt::format("; ended: {}", nameOf(profile.halt.reason));
}

} // namespace simprof
