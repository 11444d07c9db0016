// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/energy_report.h"

#include "profiler/energy/energy.h"
#include "profiler/fields/struct_writer.h"
#include "profiler/profile_fields.h"
#include "profiler/report/energy_tables.h"
#include "profiler/report/escape.h"
#include "profiler/report/paragraphs.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

namespace simprof {

namespace {

using Text = std::function<std::string(double)>;

/// "115 µJ (92.1 µJ … 138 µJ)"; "at least" where no upper end is known.
std::string bandedText(const Banded& figure, const Text& text) {
    if (!figure.high) {
        return fmt::format("at least {}", text(figure.low));
    }
    return figure.low == figure.value && *figure.high == figure.value
               ? text(figure.value)
               : fmt::format("{} ({} … {})", text(figure.value), text(figure.low), text(*figure.high));
}

std::string currentText(double microamp) {
    return microamp >= 1000 ? threeDigits(microamp / 1000) + " mA" : threeDigits(microamp) + " µA";
}

std::string perHourText(double count) { return threeDigits(count) + "/h"; }

std::string stateLine(const StateUse& use, double volts) {
    if (!use.microamp) {
        return fmt::format("{}: unknown, {}", describeState(use), use.source);
    }
    return fmt::format("{}: {}, {}; {}", describeState(use),
                       bandedText({*use.microamp, use.lowMicroamp, use.highMicroamp}, currentText),
                       humanPower(*use.microamp * volts), use.source);
}

/// Label and text of each answer.
std::vector<std::pair<std::string, std::string>> answerLines(const EnergyCase& one) {
    const EnergyAnswer& answer = one.answer;
    std::vector<std::pair<std::string, std::string>> lines;
    if (answer.inference.timeUs > 0) {
        lines.emplace_back("inference",
                           fmt::format("{}, {}, {} cycles", bandedText(answer.inferenceUj, humanEnergy),
                                       humanTime(answer.inference.timeUs), fixed(answer.inference.cycles, 0)));
    }
    lines.emplace_back("running", stateLine(answer.running, answer.volts));
    lines.emplace_back("peak", bandedText(answer.peakMicroamp, currentText));
    if (answer.inference.timeUs > 0) {
        lines.emplace_back("between",
                           fmt::format("{}; {}", answer.waiting.why, stateLine(answer.waiting.state, answer.volts)));
    }
    if (answer.averageMicrowatts) {
        lines.emplace_back("average", fmt::format("{}, {} % of the time in an inference",
                                                  bandedText(*answer.averageMicrowatts, humanPower),
                                                  threeDigits(*answer.dutyPercent)));
    }
    if (answer.batteryDays) {
        lines.emplace_back("battery", "lasts " + bandedText(*answer.batteryDays, humanDays));
    }
    if (answer.affordablePerHour) {
        lines.emplace_back("harvest", "affords " + bandedText(*answer.affordablePerHour, perHourText));
    }
    if (answer.storageSeconds) {
        lines.emplace_back("storage", "alone carries " + bandedText(*answer.storageSeconds, [](double seconds) {
                                          return humanTime(seconds * 1e6);
                                      }));
    }
    return lines;
}

std::string headOf(const EnergyCase& one) {
    const Profile& profile = one.profile;
    return fmt::format("{} on {}, {}", profile.firmware.name, profile.board.name, profile.board.supply);
}

std::string textOf(const EnergyCase& one, const TextStyle& style) {
    std::string out = style.bold(plain(headOf(one))) + "\n";
    for (const auto& [label, text] : answerLines(one)) {
        out += labelled(style, label, plain(text));
    }
    for (const std::string& sentence : one.answer.sentences) {
        out += labelled(style, "", plain(sentence));
    }
    out += labelled(
        style, "run",
        plain(fmt::format("{} in {}, {} on average", totalEnergyText(one.profile), humanTime(one.profile.totals.timeUs),
                          bandedText(one.answer.runMicroamp, currentText))));
    out += heading(style, "STATES", "of the whole run, then those it could enter") +
           renderText(stateTable(one.profile), style);
    const auto add = [&](const char* title, const char* note, const Table& table) {
        if (!table.rows.empty()) {
            out += heading(style, title, note) + renderText(table, style);
        }
    };
    add("LAYERS", "of one inference", layerEnergyTable(one.profile));
    add("FUNCTIONS", "of the whole run, without what they call", functionEnergyTable(one.profile, kTopFunctions));
    add("INTERRUPTS", "of the whole run", interruptEnergyTable(one.profile));
    return out;
}

std::string markdownOf(const EnergyCase& one) {
    std::string out = fmt::format("## {}\n\n", escapeMarkdown(headOf(one)));
    for (const auto& [label, text] : answerLines(one)) {
        out += fmt::format("- **{}** {}\n", label, escapeMarkdown(text));
    }
    for (const std::string& sentence : one.answer.sentences) {
        out += fmt::format("- {}\n", escapeMarkdown(sentence));
    }
    return out + "\n" + renderMarkdown(stateTable(one.profile)) + "\n" + renderMarkdown(layerEnergyTable(one.profile));
}

void writeBanded(JsonWriter& json, const char* key, const std::optional<Banded>& figure) {
    if (!figure) {
        return;
    }
    json.key(key);
    json.beginObject();
    json.member("value", figure->value);
    json.member("low", figure->low);
    json.key("high");
    if (figure->high) {
        json.value(*figure->high);
    } else {
        json.null();
    }
    json.endObject();
}

void writeCase(JsonWriter& json, const EnergyCase& one) {
    const EnergyAnswer& answer = one.answer;
    StructWriter writer(json);
    json.member("name", one.name);
    json.member("firmware", one.profile.firmware.name);
    json.member("board", one.profile.board.name);
    json.member("supply", one.profile.board.supply);
    json.member("volts", answer.volts);
    if (answer.inference.timeUs > 0) {
        json.member("inference_us", answer.inference.timeUs);
        json.member("inference_cycles", answer.inference.cycles);
        writeBanded(json, "inference_uj", answer.inferenceUj);
    }
    writeBanded(json, "run_average_microamp", answer.runMicroamp);
    writeBanded(json, "peak_microamp", answer.peakMicroamp);
    if (answer.dutyPercent) {
        json.member("duty_percent", *answer.dutyPercent);
    }
    writeBanded(json, "average_uw", answer.averageMicrowatts);
    writeBanded(json, "battery_days", answer.batteryDays);
    writeBanded(json, "affordable_per_hour", answer.affordablePerHour);
    writeBanded(json, "storage_s", answer.storageSeconds);
    writer("between", answer.waiting.state, Unit::None, Need::Required, "");
    json.member("between_why", answer.waiting.why);
    writer("states", one.profile.powerStates, Unit::None, Need::Required, "");
    writer("sentences", answer.sentences, Unit::None, Need::Required, "");
    for (const auto& [key, table] : std::initializer_list<std::pair<const char*, Table>>{
             {"layers", layerEnergyTable(one.profile)},
             {"functions", functionEnergyTable(one.profile, one.profile.functions.size())},
             {"interrupts", interruptEnergyTable(one.profile)}}) {
        json.key(key);
        renderJson(table, json);
    }
}

Error refusedFormat(const std::string& format) {
    return Error(fmt::format("simprof energy prints text, json or markdown, not '{}'", format));
}

} // namespace

std::string writeEnergy(const EnergyCase& one, const std::string& format, const TextStyle& style) {
    if (format == "text") {
        return textOf(one, style);
    }
    if (format == "markdown") {
        return markdownOf(one);
    }
    if (format != "json") {
        throw refusedFormat(format);
    }
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Lines);
    json.member("schema", "simprof-energy/1");
    writeCase(json, one);
    json.endObject();
    return json.take();
}

std::string writeEnergyComparison(std::vector<EnergyCase> cases, const std::string& format, const TextStyle& style) {
    std::vector<const EnergyCase*> order;
    for (const EnergyCase& one : cases) {
        order.push_back(&one);
    }
    std::ranges::stable_sort(order, {}, [](const EnergyCase* one) { return one->answer.inferenceUj.value; });
    if (format == "json") {
        JsonWriter json;
        json.beginObject(JsonWriter::Layout::Lines);
        json.member("schema", "simprof-energy/1");
        json.key("compare");
        json.beginArray(JsonWriter::Layout::Lines);
        for (const EnergyCase* one : order) {
            json.beginObject(JsonWriter::Layout::Lines);
            writeCase(json, *one);
            json.endObject();
        }
        json.endArray();
        json.endObject();
        return json.take();
    }
    Table table{"compare",
                {{"name", "run", Column::Kind::Text},
                 {"board", "board", Column::Kind::Name},
                 {"inference_uj", "µJ an inference", Column::Kind::Text},
                 {"inference_us", "time", Column::Kind::Number},
                 {"peak", "peak", Column::Kind::Text},
                 {"average", "average", Column::Kind::Text},
                 {"battery", "battery lasts", Column::Kind::Text},
                 {"harvest", "harvest affords", Column::Kind::Text}},
                {},
                {}};
    const auto optional = [](const std::optional<Banded>& figure, const Text& text) {
        return figure ? Cell::name(bandedText(*figure, text)) : Cell::none();
    };
    for (const EnergyCase* one : order) {
        const EnergyAnswer& answer = one->answer;
        table.rows.push_back({Cell::name(one->name), Cell::name(one->profile.board.name),
                              Cell::name(bandedText(answer.inferenceUj, humanEnergy)),
                              Cell{answer.inference.timeUs, humanTime(answer.inference.timeUs), 1},
                              Cell::name(bandedText(answer.peakMicroamp, currentText)),
                              optional(answer.averageMicrowatts, humanPower), optional(answer.batteryDays, humanDays),
                              optional(answer.affordablePerHour, perHourText)});
    }
    table.dropEmptyColumns(1);
    if (format == "text") {
        return renderText(table, style);
    }
    if (format == "markdown") {
        return renderMarkdown(table);
    }
    throw refusedFormat(format);
}

} // namespace simprof
