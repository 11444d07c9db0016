// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/profile_json.h"
#include "profiler/report/annotate.h"
#include "profiler/report/diff_report.h"
#include "profiler/report/escape.h"
#include "profiler/report/numbers.h"
#include "profiler/report/report.h"
#include "profiler/report/stacks.h"
#include "profiler/report/timeline.h"
#include "sim_core/error.h"
#include "tests/support/golden.h"
#include "tests/support/sample_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
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
    profile.halt = {"fault", "unaligned word load from 0x20000001", 0x08000400, 0, fault};
    return profile;
}

TEST(Numbers, ReadTheSameEverywhere) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(18446744073709551615u), "18,446,744,073,709,551,615");
    EXPECT_EQ(signedGrouped(-1234), "-1,234");
    EXPECT_EQ(signedGrouped(1234), "+1,234");
    EXPECT_EQ(signedGrouped(INT64_MIN), "-9,223,372,036,854,775,808");
    EXPECT_EQ(fixed(1234.567, 2), "1,234.57");
    EXPECT_EQ(fixed(-0.001, 1), "0.0");
    EXPECT_EQ(threeDigits(0.01234), "0.0123");
    EXPECT_EQ(threeDigits(12.345), "12.3");
    EXPECT_EQ(humanTime(0.5), "500 ns");
    EXPECT_EQ(humanTime(17034.6), "17.0 ms");
    EXPECT_EQ(humanTime(2.5e6), "2.50 s");
    EXPECT_EQ(humanEnergy(5733.85), "5.73 mJ");
    EXPECT_EQ(humanFrequency(216'000'000), "216 MHz");
    EXPECT_EQ(humanFrequency(32'768), "32.768 kHz");
    EXPECT_EQ(humanCount(2'656'768), "2.66 M");
    EXPECT_EQ(percentText(1, 1'000'000), "<0.1");
    EXPECT_EQ(percentText(0, 0), "0.0");
    EXPECT_EQ(hexAddress(0x2000), "0x00002000");
    EXPECT_EQ(shapeText({1, 25, 5, 64}), "1x25x5x64");
}

TEST(Numbers, FunctionTitlesLoseTheirParameters) {
    const std::pair<const char*, const char*> rows[] = {
        {"main", "main"},
        {"a::f(int, b<c>)", "a::f"},
        {"tflite::(anonymous namespace)::Eval(TfLiteContext*, TfLiteNode*)", "tflite::(anonymous namespace)::Eval"},
        {"f(void (*)(int)) const", "f"},
        {"operator()(int)", "operator()"},
        {"a::(anonymous namespace)", "a::(anonymous namespace)"},
        {"odd)", "odd)"},
    };
    for (const auto& [name, title] : rows) {
        EXPECT_EQ(functionTitle(name), title) << name;
    }
}

TEST(Escape, RemovesWhatTerminalsObey) {
    EXPECT_EQ(plain("a\x1b[31mb\x07\tc\nd\x7f"), "a[31mb c d");
    EXPECT_EQ(plain("\xc2\x9b"
                    "31m\u202E\u2066x\u200B"),
              "31mx")
        << "C1 controls, overrides, invisible characters";
    EXPECT_EQ(plain("\xff\xc0"), "\uFFFD\uFFFD");
    EXPECT_EQ(plainLines("a\nb\r\n"), "a\nb \n");
}

TEST(Escape, EachFormatHasItsOwn) {
    EXPECT_EQ(escapeHtml("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
    EXPECT_EQ(escapeMarkdown("a|b_c*[x](y)<z>@me"), "a\\|b\\_c\\*\\[x\\](y)&lt;z&gt;&#64;me");
    EXPECT_EQ(escapeCsv("=1+2"), "'=1+2");
    EXPECT_EQ(escapeCsv("@x,y\"z"), "\"'@x,y\"\"z\"");
    EXPECT_EQ(escapeCsv("plain"), "plain");
    EXPECT_EQ(escapeWorkflow("50 %\n::error::x"), "50 %25%0A::error::x");
    EXPECT_EQ(escapeWorkflowProperty("a:b,c\n"), "a%3Ab%2Cc ");
}

TEST(Escape, ShortensByColumnsNotBytes) {
    EXPECT_EQ(shorten("abcdefghij", 7), "abc…hij");
    EXPECT_EQ(shorten("äöüäöüäöü", 5), "äö…öü");
    EXPECT_EQ(shortenLeft("a/long/path.c", 8), "…/path.c");
    EXPECT_EQ(displayWidth("日本"), 4u);
    EXPECT_EQ(shorten("日本日本日本", 7), "日…本") << "half a character does not fit";
}

TEST(Timeline, FollowsTheClock) {
    Profile profile;
    profile.board.clockHz = 100'000'000;
    profile.clocks = {{0, 10'000'000}, {1000, 100'000'000}};
    const CycleTime time(profile);
    EXPECT_DOUBLE_EQ(time.microseconds(500), 50);
    EXPECT_DOUBLE_EQ(time.microseconds(1000), 100);
    EXPECT_DOUBLE_EQ(time.microseconds(1100), 101);
    EXPECT_DOUBLE_EQ(CycleTime(Profile{}).microseconds(7), 7) << "without any clock a cycle counts as a microsecond";
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

TEST(Report, HtmlTagsBalance) {
    for (const Profile& profile : {sampleProfile(), hostileProfile(), faultedProfile(), Profile{}}) {
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

TEST(Annotate, SourceAndInstructions) {
    const Profile profile = sampleProfile();
    const auto found = findFunctions(profile, "arm_nn_mat_mult_nt_t_s8");
    ASSERT_EQ(found.size(), 1u);
    const Annotation annotation =
        annotateFunction(profile, found[0], [](const std::string& file) -> std::optional<std::vector<std::string>> {
            std::vector<std::string> lines(60, "    acc = smlad(a, b, acc); // " + file.substr(file.rfind('/') + 1));
            return lines;
        });
    expectGolden("annotate.txt", annotationText(annotation, {}) + "\n" + annotationJson(annotation));
}

TEST(Annotate, FindsFunctionsByNameTitleScopeAndAddress) {
    const Profile profile = sampleProfile();
    const auto nameOf = [&](const char* symbol) {
        const auto found = findFunctions(profile, symbol);
        return found.size() == 1 ? profile.functions[found[0]].name : std::to_string(found.size()) + " found";
    };
    EXPECT_EQ(nameOf("main"), "main");
    EXPECT_EQ(nameOf("ConvEval"), "tflite::(anonymous namespace)::ConvEval(TfLiteContext*, TfLiteNode*)");
    EXPECT_EQ(nameOf("tflite::MicroInterpreter::Invoke"), "tflite::MicroInterpreter::Invoke()");
    EXPECT_EQ(nameOf("0x08000201"), "Reset_Handler");
    EXPECT_EQ(nameOf("nothing"), "0 found");
    EXPECT_THROW(
        annotateFunction(profile, findFunctions(profile, "main")[0], [](const std::string&) { return std::nullopt; }),
        Error);
}

} // namespace
} // namespace simprof
