// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/profile_json.h"
#include "profiler/report/diff_report.h"
#include "profiler/report/escape.h"
#include "profiler/report/numbers.h"
#include "profiler/report/report.h"
#include "profiler/report/stacks.h"
#include "sim_core/error.h"
#include "tests/support/golden.h"
#include "tests/support/sample_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>
#include <sstream>

namespace simprof {
namespace {

using nlohmann::json;
using test::expectGolden;
using test::sampleProfile;
using testing::HasSubstr;
using testing::Not;

std::string report(const Profile& profile, const char* format, std::optional<ReportBy> by = {}) {
    ReportOptions options;
    options.by = by;
    return writeReport(profile, findReportFormat(format), options);
}

std::vector<std::string> linesOf(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// A profile whose names attack every format.
Profile hostileProfile() {
    Profile profile = sampleProfile();
    const std::string attack = "</script><img src=x onerror=alert(1)>\x1b[31m\xff|`*\n=cmd()\"';\u202E::error::";
    profile.firmware.name = attack;
    profile.board.assumptions = {attack};
    profile.network.name = attack;
    profile.halt.what = attack;
    profile.console = attack;
    for (LayerInfo& layer : profile.layers) {
        layer.name = attack;
        layer.op = attack;
    }
    for (FunctionInfo& function : profile.functions) {
        function.name = attack;
        function.file = attack;
    }
    for (TensorLife& tensor : profile.memory.tensors) {
        tensor.name = attack;
    }
    for (PeripheralNote& note : profile.peripherals) {
        note.what = attack;
        note.peripheral = attack;
    }
    for (InstructionInfo& instruction : profile.instructions) {
        instruction.text = attack;
        instruction.file = attack;
    }
    return profile;
}

Profile faultedProfile() {
    Profile profile = sampleProfile({.inferences = 0});
    profile.layers.clear();
    for (CallNode& node : profile.callTree) {
        node.layer = -1;
    }
    profile.network = {"none", "no TFLite flatbuffer in the image", "", "", 0};
    ProfileFault fault;
    fault.exception = "HardFault";
    fault.status = {"CFSR.UNALIGNED", "HFSR.FORCED"};
    fault.cfsr = 0x01000000;
    fault.hfsr = 0x40000000;
    fault.address = 0x20000001;
    fault.pc = 0x08000400;
    fault.registers.assign(17, 7);
    fault.callStack = {"read(int)+0x10 (src/main.cc:90)", "main+0x22 (src/main.cc:120)"};
    fault.what = "unaligned word load from 0x20000001";
    profile.halt = {HaltReason::Kind::Fault, "unaligned word load from 0x20000001", 0x08000400, 0, fault};
    return profile;
}

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

TEST(Report, StacksOfTheSample) {
    const Profile profile = sampleProfile();
    expectGolden("report_stacks.txt", report(profile, "collapsed") + "\n" + report(profile, "callgrind"));
    Cycles sum = 0;
    for (const StackSample& sample : stackSamples(profile)) {
        sum += sample.cycles;
    }
    EXPECT_EQ(sum, profile.totals.cycles);
}

TEST(Report, ADeepRecursionIsFolded) {
    Profile profile;
    profile.functions.resize(1);
    for (std::int32_t i = 0; i < 100'000; ++i) {
        profile.callTree.push_back({i - 1, 0, 1, 1, 1, -1});
    }
    const auto samples = stackSamples(profile);
    EXPECT_EQ(samples.size(), 256u);
    EXPECT_EQ(samples.back().cycles, 100'000u - 255u);
}

TEST(Report, PerfettoHasSlicesAndCounters) {
    const Profile profile = sampleProfile();
    const json trace = json::parse(report(profile, "perfetto"));
    std::map<std::string, std::size_t> phases;
    std::map<int, std::size_t> slices;
    for (const json& event : trace["traceEvents"]) {
        const std::string phase = event["ph"];
        ++phases[phase];
        if (phase == "X") {
            ++slices[event["tid"]];
            EXPECT_GE(event["dur"].get<double>(), 0);
            EXPECT_GE(event["ts"].get<double>(), 0);
        }
    }
    EXPECT_EQ(slices[1], profile.inferences.size());
    EXPECT_EQ(slices[2], profile.inferences.size() * profile.layers.size());
    EXPECT_EQ(slices[3], profile.callSpans.size());
    EXPECT_EQ(slices[4], profile.exceptionSpans.size());
    EXPECT_EQ(phases["C"], profile.memory.live.size() + profile.memory.stackSamples.size() + profile.power.size() + 1 +
                               profile.clocks.size());
}

TEST(Report, PerfettoHasATrackOfThreads) {
    Profile profile = sampleProfile();
    profile.threads = {{"net", "FreeRTOS", 0x20000100, 700, 2, 0, 0}, {"IDLE", "FreeRTOS", 0x20000200, 300, 1, 0, 0}};
    profile.threadSpans = {{0, 100, 300}, {1, 400, 300}, {0, 700, 400}};
    const json trace = json::parse(report(profile, "perfetto"));
    std::vector<std::string> names;
    for (const json& event : trace["traceEvents"]) {
        if (event["ph"] == "X" && event["tid"] == 6) {
            names.push_back(event["name"].get<std::string>() + " " + event["args"]["cycles"].dump());
        }
    }
    EXPECT_THAT(names, testing::ElementsAre("net 300", "IDLE 300", "net 400"));
}

TEST(Report, SpeedscopeEventsNest) {
    const Profile profile = sampleProfile();
    const json file = json::parse(report(profile, "speedscope"));
    ASSERT_EQ(file["profiles"].size(), 2u);
    EXPECT_EQ(file["shared"]["frames"].size(), profile.functions.size());
    Cycles weights = 0;
    for (const json& weight : file["profiles"][0]["weights"]) {
        weights += weight.get<Cycles>();
    }
    EXPECT_EQ(weights, profile.totals.cycles);
    std::vector<int> open;
    Cycles last = 0;
    for (const json& event : file["profiles"][1]["events"]) {
        EXPECT_GE(event["at"].get<Cycles>(), last);
        last = event["at"];
        if (event["type"] == "O") {
            open.push_back(event["frame"]);
        } else {
            ASSERT_FALSE(open.empty());
            EXPECT_EQ(open.back(), event["frame"].get<int>());
            open.pop_back();
        }
    }
    EXPECT_TRUE(open.empty());
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

TEST(Report, SlicesOfThreadsNestInPerfetto) {
    Profile profile = sampleProfile();
    profile.callSpans = {{0, 0, 100, 50}, {1, 1, 120, 80}}; // a thread's call goes on behind the handler that switched
    const json trace = json::parse(report(profile, "perfetto"));
    std::vector<std::uint64_t> cycles;
    for (const json& event : trace["traceEvents"]) {
        if (event["ph"] == "X" && event["tid"] == 3) {
            cycles.push_back(event["args"]["cycles"]);
        }
    }
    EXPECT_EQ(cycles, (std::vector<std::uint64_t>{50, 30}));
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

TEST(Report, AllWritersAreFunctionsOfTheProfileAlone) {
    for (const ReportFormat& format : reportFormats()) {
        EXPECT_EQ(report(sampleProfile(), format.name), report(sampleProfile(), format.name)) << format.name;
    }
}

} // namespace
} // namespace simprof
