// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/gate_report.h"

#include "profiler/analysis/run_name.h"
#include "profiler/report/escape.h"
#include "profiler/text/numbers.h"

#include <cmath>
#include <fmt/format.h>

namespace simprof {
namespace {

/// Whole numbers whole, others with what matters.
std::string amountText(double amount) { return amount == std::floor(amount) ? fixed(amount, 0) : fixed(amount, 3); }

/// "+1.00 %", or "new" where the baseline had nothing.
std::string change(const Check& check) {
    const std::string text = changeText(check.changePercent(), check.base && *check.base == 0);
    return text == "new" ? text : text + " %";
}

/// "cycles 1,000 → 1,010 (+1.00 %, limit 1,000)".
std::string describe(const Check& check) {
    const std::string before = check.base ? amountText(*check.base) + " → " : "";
    return fmt::format("{} {}{} ({}, limit {})", check.metric, before, amountText(check.measured), change(check),
                       amountText(check.limit));
}

std::string verdict(const GateResult& result, const Profile& profile) {
    const std::size_t violations = result.violations();
    if (violations == 0) {
        return fmt::format("{} against {}: all {} limits kept", plain(runName(profile)), plain(result.against),
                           result.checks.size());
    }
    return fmt::format("{} against {}: {} of {} limits exceeded", plain(runName(profile)), plain(result.against),
                       violations, result.checks.size());
}

/// How the total moved, to say so when all went well.
std::string totalLine(const GateResult& result) {
    for (const Check& check : result.checks) {
        if (check.where == "total" && check.metric == "cycles" && check.base) {
            return fmt::format("{} cycles, {} against the baseline", fixed(check.measured, 0),
                               check.measured == *check.base ? "no change" : "change " + change(check));
        }
    }
    return "";
}

std::string textGate(const GateResult& result, const Profile& profile, const TextStyle& style) {
    std::string out =
        (result.passed() ? style.accent("passed") : style.red("FAILED")) + "  " + verdict(result, profile) + "\n";
    for (const Check& check : result.checks) {
        if (check.isViolated()) {
            out += "\n  " + style.bold(plain(check.where)) + "  " + describe(check) + "\n";
            out += check.moved.empty() ? "" : "      " + plain(check.moved) + "\n";
        }
    }
    for (const std::string& note : result.notes) {
        out += "\n  " + style.dim("note: " + plain(note)) + "\n";
    }
    return out;
}

std::string markdownGate(const GateResult& result, const Profile& profile) {
    std::string out =
        fmt::format("## {} {}\n\n", result.passed() ? "✅" : "❌", escapeMarkdown(verdict(result, profile)));
    if (!result.passed()) {
        out += "| where | what | before | now | % | limit | what moved |\n| --- | --- | ---: | ---: | ---: | ---: | "
               "--- |\n";
    }
    for (const Check& check : result.checks) {
        if (check.isViolated()) {
            out += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", escapeMarkdown(check.where),
                               escapeMarkdown(check.metric), check.base ? amountText(*check.base) : "",
                               amountText(check.measured),
                               escapeMarkdown(changeText(check.changePercent(), check.base && *check.base == 0)),
                               amountText(check.limit), escapeMarkdown(check.moved));
        }
    }
    for (const std::string& note : result.notes) {
        out += "\n> " + escapeMarkdown(note) + "\n";
    }
    return out;
}

std::string jsonGate(const GateResult& result, const Profile& profile) {
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Lines);
    json.member("schema", "simprof-check/1");
    json.member("firmware", profile.firmware.name);
    json.member("board", profile.board.name);
    json.member("against", result.against);
    json.member("passed", result.passed());
    json.member("violations", result.violations());
    json.key("checks");
    json.beginArray(JsonWriter::Layout::Lines);
    for (const Check& check : result.checks) {
        json.beginObject();
        json.member("violated", check.isViolated());
        json.member("where", check.where);
        json.key("layer");
        if (check.layer) {
            json.value(*check.layer);
        } else {
            json.null();
        }
        json.member("metric", check.metric);
        json.key("base");
        if (check.base) {
            json.value(*check.base);
        } else {
            json.null();
        }
        json.member("measured", check.measured);
        json.member("limit", check.limit);
        json.member("change_percent", check.changePercent());
        json.member("moved", check.moved);
        json.endObject();
    }
    json.endArray();
    json.key("notes");
    json.beginArray();
    for (const std::string& note : result.notes) {
        json.value(note);
    }
    json.endArray();
    json.endObject();
    return json.take();
}

} // namespace

std::string writeGate(const GateResult& result, const Profile& profile, DiffFormat format, const TextStyle& style) {
    switch (format) {
    case DiffFormat::Json: return jsonGate(result, profile);
    case DiffFormat::Markdown: return markdownGate(result, profile);
    case DiffFormat::Text: break;
    }
    const std::string total = totalLine(result);
    return textGate(result, profile, style) + (result.passed() && !total.empty() ? "  " + total + "\n" : "");
}

std::string gateJunit(const GateResult& result, const Profile& profile) {
    const std::string suite = escapeHtml(plain(runName(profile)));
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    out += fmt::format("<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\">\n", suite,
                       result.checks.size(), result.violations());
    for (const Check& check : result.checks) {
        out += fmt::format("  <testcase classname=\"{}\" name=\"{} {}\"", suite, escapeHtml(plain(check.where)),
                           escapeHtml(check.metric));
        if (check.isViolated()) {
            out += fmt::format("><failure type=\"{}\" message=\"{}\">{}</failure></testcase>\n",
                               escapeHtml(check.metric), escapeHtml(plain(describe(check))), escapeHtml(check.moved));
        } else {
            out += "/>\n";
        }
    }
    return out + "</testsuite>\n";
}

std::string gateGithub(const GateResult& result, const Profile& profile) {
    std::string out;
    for (const Check& check : result.checks) {
        if (check.isViolated()) {
            out +=
                fmt::format("::error title={}::{}\n", escapeWorkflowProperty(runName(profile) + " " + check.where),
                            escapeWorkflow(describe(check) + (check.moved.empty() ? "" : "\n" + plain(check.moved))));
        }
    }
    for (const std::string& note : result.notes) {
        out += "::warning::" + escapeWorkflow(note) + "\n";
    }
    return out;
}

} // namespace simprof
