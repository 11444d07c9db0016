// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/inference_mean.h"
#include "profiler/profile_json.h"
#include "profiler/report/diff_report.h"
#include "profiler/report/escape.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"
#include "tests/profiler/report_samples.h"
#include "tests/support/golden.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace simprof {
namespace {

using nlohmann::json;
using test::expectGolden;
using test::faultedProfile;
using test::hostileProfile;
using test::linesOf;
using test::report;
using test::sampleProfile;
using testing::HasSubstr;
using testing::Not;

TEST(Report, TextOfTheSample) { expectGolden("report.txt", report(sampleProfile(), "text")); }

TEST(Report, TextOfAFault) { expectGolden("report_fault.txt", report(faultedProfile(), "text")); }

TEST(Report, TextFitsItsWidth) {
    for (const unsigned width : {120u, 140u, 200u}) {
        ReportOptions options;
        options.style.width = width;
        for (const std::string& line : linesOf(reportText(sampleProfile(), options))) {
            EXPECT_LE(displayWidth(line), width) << line;
        }
    }
}

TEST(Report, TextHasColourOnlyWhenAsked) {
    EXPECT_THAT(report(sampleProfile(), "text"), Not(HasSubstr("\x1b")));
    ReportOptions options;
    options.style.colour = true;
    EXPECT_THAT(reportText(sampleProfile(), options), HasSubstr("\x1b[1mLAYERS\x1b[0m"));
}

TEST(Report, TablesByEachSubject) {
    std::string all;
    for (std::size_t by = 0; by < reportByNames().size(); ++by) {
        all += "--by " + reportByNames()[by] + "\n" + report(sampleProfile(), "text", static_cast<ReportBy>(by)) + "\n";
    }
    expectGolden("report_by.txt", all);
}

TEST(Report, CsvRowsSumToTheTotal) {
    const Profile profile = sampleProfile();
    const auto lines = linesOf(report(profile, "csv"));
    ASSERT_EQ(lines.size(), 1 + profile.layers.size() + profile.owners.size());
    EXPECT_THAT(lines[0],
                testing::StartsWith("id,op,name,shape,cycles,percent,time_us,macs,macs_per_cycle,sram_peak_bytes,"));
    Cycles sum = 0;
    for (std::size_t i = 1; i < lines.size(); ++i) {
        std::istringstream fields(lines[i]);
        std::string field;
        for (int k = 0; k < 5; ++k) {
            std::getline(fields, field, ',');
        }
        sum += std::stoull(field);
    }
    EXPECT_EQ(sum, profile.totals.cycles);
}

TEST(Report, JsonByDefaultIsTheProfileAndByTableItsRows) {
    const Profile profile = sampleProfile();
    EXPECT_EQ(json::parse(report(profile, "json"))["schema"], "simprof-profile/1");
    const json table = json::parse(report(profile, "json", ReportBy::Function));
    EXPECT_EQ(table["schema"], "simprof-table/1");
    EXPECT_EQ(table["rows"].size(), profile.functions.size());
    EXPECT_EQ(table["rows"][0]["self_cycles"], profile.functions[0].selfCycles);
    EXPECT_EQ(table["rows"][0]["name"], profile.functions[0].name);
}

TEST(Report, MarkdownOfTheSample) { expectGolden("report.md", report(sampleProfile(), "markdown")); }

TEST(Report, FormatsForCi) {
    const Profile profile = sampleProfile();
    expectGolden("report_ci.txt",
                 report(profile, "junit") + "\n" + report(profile, "github") + "\n" + report(profile, "benchmark"));
}

TEST(Report, HtmlIsOneFileWithoutNetworkOrScript) {
    const std::string page = report(sampleProfile(), "html");
    EXPECT_THAT(page, HasSubstr("default-src 'none'"));
    EXPECT_THAT(page, HasSubstr("prefers-color-scheme:dark"));
    for (const char* absent : {"<script", "http://", "https://", "<link", "@import", "url("}) {
        EXPECT_THAT(page, Not(HasSubstr(absent)));
    }
    const Profile profile = sampleProfile();
    std::size_t blocks = 0;
    for (std::size_t at = page.find("class=\"block "); at != std::string::npos;
         at = page.find("class=\"block ", at + 1)) {
        ++blocks;
    }
    EXPECT_EQ(blocks, profile.memory.tensors.size());
    EXPECT_THAT(page, HasSubstr("role=\"img\" aria-labelledby=\"tetris-t tetris-d\""));
}

TEST(Report, SumsKeepTheirNumbersWhenColumnsAreLeftOut) {
    Profile profile = sampleProfile();
    for (LayerInfo& layer : profile.layers) {
        layer.shape.clear(); // networks compiled ahead of time show no shapes: the column is left out
    }
    ReportOptions options;
    options.by = ReportBy::Layer;
    const std::string text = writeReport(profile, findReportFormat("text"), options);
    for (const Owner& owner : profile.owners) {
        const std::size_t at = text.find(owner.name);
        ASSERT_NE(at, std::string::npos) << owner.name;
        EXPECT_NE(text.substr(at, text.find('\n', at) - at).find(grouped(owner.cycles)), std::string::npos)
            << owner.name;
    }
}

TEST(Report, AnInferenceThatTheRunCutOffIsInNoMean) {
    Profile profile = sampleProfile();
    ASSERT_EQ(profile.inferences.size(), 2u);
    const InferenceMean whole = inferenceMean(profile);
    EXPECT_EQ(whole.count, 2u);
    EXPECT_FALSE(whole.cut);
    const Cycles one = profile.inferences[0].cycles;
    profile.inferences[1].cycles = one / 2;
    profile.totals.cycles = profile.inferences[1].startCycle + one / 2;
    profile.halt.reason = HaltReason::Kind::Until;
    profile.halt.what = "reached 1 inferences"; // the run ended because the inference did
    EXPECT_FALSE(inferenceMean(profile).cut);
    profile.halt.what = "reached cycle 12345";
    const InferenceMean mean = inferenceMean(profile);
    EXPECT_EQ(mean.count, 1u);
    EXPECT_TRUE(mean.cut);
    EXPECT_EQ(mean.cycles, static_cast<double>(one));
    EXPECT_THAT(report(profile, "text"), HasSubstr("1 inference and one cut short"));
    EXPECT_THAT(report(profile, "markdown"), HasSubstr("| inferences | 1 and one cut short |"));
    EXPECT_THAT(reportSummaryLine(profile), HasSubstr("1 inference and one cut short"));

    profile.inferences.erase(profile.inferences.begin()); // nothing but the part of one
    EXPECT_EQ(inferenceMean(profile).count, 0u);
    EXPECT_EQ(inferenceMean(profile).cycles, static_cast<double>(one / 2));
    EXPECT_EQ(inferenceMean(profile).macs, 0u) << "it did not do all of them";
    EXPECT_THAT(report(profile, "text"), HasSubstr("one inference, cut short"));
}

TEST(Report, WhatIsInNoFunctionIsInEachSum) {
    Profile profile = sampleProfile();
    Cycles own = 0;
    for (const FunctionInfo& function : profile.functions) {
        own += function.selfCycles;
    }
    const auto stall = [&](const char* name) -> Cycles& {
        const auto at = std::find(std::begin(kStallNames), std::end(kStallNames), std::string_view(name));
        return profile.totals.stalls[static_cast<std::size_t>(at - std::begin(kStallNames))];
    };
    profile.totals.cycles = own + 1000;
    stall("sleep") = 900;
    stall("exception") = 90;
    EXPECT_THAT(cyclesOutsideFunctions(profile),
                testing::UnorderedElementsAre(testing::Pair("[sleep]", 900), testing::Pair("[no function]", 10),
                                              testing::Pair("[exception entry and return]", 90)));
    EXPECT_THAT(report(profile, "text"), HasSubstr("[exception entry and return]"));
    Cycles sum = 0;
    const json table = json::parse(report(profile, "json", ReportBy::Function));
    for (const json& row : table["rows"]) {
        sum += row["self_cycles"].get<Cycles>();
    }
    EXPECT_EQ(sum, profile.totals.cycles);
    sum = 0;
    for (const std::string& line : linesOf(report(profile, "collapsed"))) {
        sum += std::stoull(line.substr(line.rfind(' ')));
    }
    EXPECT_EQ(sum, profile.totals.cycles);
    EXPECT_THAT(report(profile, "callgrind"), HasSubstr("fn=[sleep]\n0 900\n"));
    const json speedscope = json::parse(report(profile, "speedscope"));
    EXPECT_EQ(speedscope["profiles"][0]["endValue"], profile.totals.cycles);
    EXPECT_EQ(speedscope["shared"]["frames"].size(), profile.functions.size() + 3);
}

TEST(Report, HtmlTagsBalance) {
    Profile smallShare = sampleProfile(); // is written as "<0.1 %"
    smallShare.layers[0].stalls[kStallCount - 1] = 1;
    for (const Profile& profile : {sampleProfile(), smallShare, hostileProfile(), faultedProfile(), Profile{}}) {
        const std::string page = report(profile, "html");
        std::vector<std::string> open;
        for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
            const std::size_t end = page.find('>', at);
            ASSERT_NE(end, std::string::npos);
            std::string tag = page.substr(at + 1, end - at - 1);
            const bool closes = tag.starts_with("/");
            const bool alone = tag.ends_with("/") || tag.starts_with("!") || tag.starts_with("meta");
            tag = tag.substr(closes ? 1 : 0, tag.find_first_of(" \n>", 1) - (closes ? 1 : 0));
            if (closes) {
                ASSERT_FALSE(open.empty()) << tag;
                EXPECT_EQ(open.back(), tag);
                open.pop_back();
            } else if (!alone) {
                open.push_back(tag);
            }
        }
        EXPECT_TRUE(open.empty());
    }
}

TEST(Report, HostileNamesBreakOutOfNoFormat) {
    const Profile profile = hostileProfile();
    for (const ReportFormat& format : reportFormats()) {
        const std::string text = report(profile, format.name);
        EXPECT_THAT(text, Not(HasSubstr("\x1b"))) << format.name;
        if (std::string_view(format.name) == "html" || std::string_view(format.name) == "markdown" ||
            std::string_view(format.name) == "junit") {
            EXPECT_THAT(text, Not(HasSubstr("<img"))) << format.name;
        }
        if (text.starts_with("{") || text.starts_with("[")) {
            EXPECT_TRUE(json::accept(text)) << format.name;
        }
    }
    for (const std::string& line : linesOf(report(profile, "github"))) {
        EXPECT_THAT(line,
                    testing::AnyOf(testing::StartsWith("::notice title="), testing::StartsWith("::warning title=")));
    }
    for (const std::string& line : linesOf(report(profile, "csv"))) {
        EXPECT_THAT(line, Not(HasSubstr(",=")));
    }
    EXPECT_EQ(linesOf(report(profile, "collapsed")).size(), linesOf(report(sampleProfile(), "collapsed")).size())
        << "one stack a line";
}

/// All numbers of a JSON text, each by its path.
void collectNumbers(const json& value, const json::json_pointer& path, std::vector<json::json_pointer>& out) {
    if (value.is_number()) {
        out.push_back(path);
    } else if (value.is_object()) {
        for (const auto& [key, member] : value.items()) {
            collectNumbers(member, path / key, out);
        }
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            collectNumbers(value[i], path / i, out);
        }
    }
}

TEST(Report, ExtremeNumbersBreakNoWriter) {
    const json whole = json::parse(toJson(sampleProfile({.inferences = 1})));
    std::vector<json::json_pointer> numbers;
    collectNumbers(whole, json::json_pointer(), numbers);
    constexpr std::uint64_t kExtremes[] = {
        0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0x1'0000'0000, 0x7FFFFFFF'FFFFFFFF, 0x80000000'00000000, 0xFFFFFFFF'FFFFFFFF};
    std::mt19937 random(7);
    unsigned accepted = 0;
    for (int round = 0; round < 400; ++round) {
        json damaged = whole;
        for (int edits = 0; edits < 3; ++edits) {
            damaged[numbers[random() % numbers.size()]] = kExtremes[random() % std::size(kExtremes)];
        }
        Profile profile;
        try {
            profile = fromJson(damaged.dump());
        } catch (const Error&) {
            continue;
        }
        ++accepted;
        for (const ReportFormat& format : reportFormats()) {
            report(profile, format.name);
        }
        writeDiff(diffProfiles(sampleProfile({.inferences = 1}), profile), "a", "b", DiffFormat::Text, {});
        writeDiff(diffProfiles(profile, sampleProfile({.inferences = 1})), "a", "b", DiffFormat::Json, {});
    }
    EXPECT_GT(accepted, 100u);
}

TEST(Report, EmptyProfilesHaveReportsToo) {
    for (const ReportFormat& format : reportFormats()) {
        EXPECT_NO_THROW(report(Profile{}, format.name)) << format.name;
        EXPECT_NO_THROW(report(faultedProfile(), format.name)) << format.name;
    }
}

TEST(Report, UnknownFormatsAndTablesAreListed) {
    EXPECT_THROW(findReportFormat("yaml"), Error);
    EXPECT_THROW(parseReportBy("file"), Error);
    EXPECT_THROW(report(sampleProfile(), "html", ReportBy::Layer), Error);
    Profile profile = sampleProfile();
    profile.instructions.clear();
    EXPECT_THROW(report(profile, "text", ReportBy::Line), Error);
}

TEST(Report, FindingsAreInEachFormatForPeople) {
    const Profile profile = sampleProfile();
    for (const char* format : {"text", "markdown", "html", "json"}) {
        const std::string text = report(profile, format);
        for (const char* part : {"22,160 B of 32,768 B", "by the timing rules of the Cortex-M7", "MACs per cycle"}) {
            EXPECT_THAT(text, HasSubstr(part)) << format;
        }
    }
    EXPECT_THAT(report(profile, "text"), HasSubstr("\nLAYERS TO ATTACK FIRST\n"));
    const json rows = json::parse(report(profile, "json", ReportBy::Finding))["rows"];
    ASSERT_EQ(rows.size(), profile.findings.size());
    EXPECT_EQ(rows[0]["severity"], "advice");
    EXPECT_EQ(rows[0]["target"], "layer 0");
}

TEST(Report, AWriterIsOneRow) {
    const ReportFormat toys[] = {
        {"toy", "the name only", true,
         [](const Profile& profile, const ReportOptions& options) {
             return profile.firmware.name +
                    (options.by ? " by " + reportByNames()[static_cast<std::size_t>(*options.by)] : "");
         }},
        {"plain", "no tables", false, [](const Profile&, const ReportOptions&) { return std::string(); }}};
    EXPECT_EQ(writeReport(sampleProfile(), findReportFormat("toy", toys), {}), "kws-stm32f746g-disco.elf");
    EXPECT_EQ(writeReport(sampleProfile(), findReportFormat("toy", toys), {ReportBy::Region, {}}),
              "kws-stm32f746g-disco.elf by region");
    EXPECT_THROW(writeReport(sampleProfile(), findReportFormat("plain", toys), {ReportBy::Region, {}}), Error);
    EXPECT_THROW(findReportFormat("text", toys), Error);
}

TEST(Report, AllWritersAreFunctionsOfTheProfileAlone) {
    for (const ReportFormat& format : reportFormats()) {
        EXPECT_EQ(report(sampleProfile(), format.name), report(sampleProfile(), format.name)) << format.name;
    }
}

} // namespace
} // namespace simprof
