// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/advice_report.h"

#include "profiler/analysis/findings.h"
#include "profiler/fields/struct_writer.h"
#include "profiler/profile_fields.h"
#include "profiler/report/escape.h"
#include "profiler/report/paragraphs.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"

#include <fmt/format.h>

namespace simprof {

namespace {

std::string headOf(const Advice& advice, const Profile& profile) {
    return fmt::format("{} on {}: {}, {} cycles{}", profile.firmware.name, profile.board.name,
                       humanTime(advice.plain.timeUs), fixed(advice.plain.cycles, 0),
                       profile.inferences.empty() ? "" : " an inference");
}

std::string textOf(const Advice& advice, const Profile& profile, const TextStyle& style) {
    constexpr std::size_t kLabel = 4;
    std::string out = style.bold(plain(headOf(advice, profile))) + "\n";
    const auto add = [&](const std::string& label, const Finding& finding) {
        out += "\n" + labelled(style, label, style.bold(plain(finding.title)), kLabel) +
               labelled(style, "", plain(sentencesOf(finding)), kLabel);
    };
    for (std::size_t i = 0; i < advice.timed.size(); ++i) {
        add(std::to_string(i + 1), advice.timed[i].finding);
    }
    if (advice.timed.empty()) {
        out += "\n  No change of memories or settings that was timed saves anything.\n";
    }
    if (advice.together) {
        add("", advice.together->finding);
    }
    if (!advice.untimed.empty()) {
        out += heading(style, "NOT TIMED", "from the profile alone");
        for (const Finding& finding : advice.untimed) {
            add("", finding);
        }
    }
    return out;
}

std::string markdownOf(const Advice& advice, const Profile& profile) {
    std::string out = fmt::format("## {}\n\n", escapeMarkdown(headOf(advice, profile)));
    const auto add = [&out](const char* mark, const Finding& finding) {
        out += fmt::format("{} **{}** {}\n", mark, escapeMarkdown(finding.title), escapeMarkdown(sentencesOf(finding)));
    };
    for (const Trial& trial : advice.timed) {
        add("1.", trial.finding);
    }
    if (advice.together) {
        add("-", advice.together->finding);
    }
    for (const Finding& finding : advice.untimed) {
        add("-", finding);
    }
    return out;
}

std::string jsonOf(const Advice& advice, const Profile& profile) {
    JsonWriter json;
    StructWriter writer(json);
    json.beginObject(JsonWriter::Layout::Lines);
    json.member("schema", "simprof-advice/1");
    json.member("firmware", profile.firmware.name);
    json.member("board", profile.board.name);
    json.member("inference_cycles", advice.plain.cycles);
    json.member("inference_us", advice.plain.timeUs);
    json.member("inference_uj", advice.plain.energyUj);
    std::vector<Finding> findings;
    for (const Trial& trial : advice.timed) {
        findings.push_back(trial.finding);
    }
    findings.insert(findings.end(), advice.untimed.begin(), advice.untimed.end());
    writer("findings", findings, Unit::None, Need::Required, "");
    writer("together", advice.together ? std::optional(advice.together->finding) : std::nullopt, Unit::None,
           Need::Required, "");
    writer("left_out", advice.leftOut, Unit::None, Need::Required, "");
    json.endObject();
    return json.take();
}

} // namespace

std::string writeAdvice(const Advice& advice, const Profile& profile, const std::string& format,
                        const TextStyle& style) {
    if (format == "text") {
        return textOf(advice, profile, style);
    }
    if (format == "json") {
        return jsonOf(advice, profile);
    }
    if (format == "markdown") {
        return markdownOf(advice, profile);
    }
    throw Error(fmt::format("simprof advise prints text, json or markdown, not '{}'", format));
}

} // namespace simprof
