// SPDX-License-Identifier: GPL-2.0-or-later
/// The command line as a user meets it: the program is started, and what it prints and returns is looked at.
#include "tests/cli/cli_program.h"
#include "tests/support/schema_check.h"
#include "tests/support/terminals.h"
#include "tests/support/two_networks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace simprof {
namespace {

using nlohmann::json;
using namespace test;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

TEST_F(Cli, HelpAndVersionGoToStandardOutput) {
    for (const std::vector<std::string>& verb :
         std::vector<std::vector<std::string>>{{}, {"report"}, {"diff"}, {"check"}, {"annotate"}, {"boards"}}) {
        auto arguments = verb;
        arguments.emplace_back("--help");
        const ProgramResult result = simprof(arguments);
        EXPECT_EQ(result.exitCode, 0);
        EXPECT_THAT(result.output, HasSubstr("Usage: simprof" + (verb.empty() ? "" : " " + verb[0])));
        EXPECT_THAT(result.error, IsEmpty());
    }
    EXPECT_THAT(simprof({"--help"}).output,
                HasSubstr("Exit code: 0 all right; 1 a gate failed; 2 bad usage or input; 3 the firmware faulted"));
    const std::string version = simprof({"--version"}).output;
    EXPECT_THAT(version, StartsWith("simprof "));
    EXPECT_THAT(version, HasSubstr("\nUnicorn 2.0.1 ")) << "the engine is named";
}

TEST_F(Cli, BadUsageIsOneSentenceThatHelps) {
    EXPECT_THAT(refusal({}), HasSubstr("no firmware given: 'simprof FIRMWARE' runs"));
    EXPECT_THAT(refusal({"reprot", "x"}), HasSubstr("did you mean 'simprof report'?"));
    EXPECT_THAT(refusal({"chekc"}), HasSubstr("did you mean 'simprof check'?"));
    EXPECT_THAT(refusal({"x.elf", "--reprot"}), HasSubstr("there is no option '--reprot' (did you mean '--report'?)"));
    EXPECT_THAT(refusal({"report", sample(), "--fromat=json"}), HasSubstr("did you mean '--format'?"));
    EXPECT_THAT(refusal({"report"}), HasSubstr("PROFILE is required"));
    EXPECT_THAT(refusal({"report", sample(), "--format", "yaml"}),
                HasSubstr("it is one of text, json, markdown, html"));
    EXPECT_THAT(refusal({"report", sample(), "--by", "layers"}), HasSubstr("it is one of layer, function"));
    EXPECT_THAT(refusal({"check", sample()}), HasSubstr("give --baseline PROFILE"));
    EXPECT_THAT(refusal({"check", sample(), "--baseline", sample(), "--tolerance", "-1"}),
                HasSubstr("a tolerance is a percentage"));
    EXPECT_THAT(refusal({"boards", "nucleo-l4r5z"}), HasSubstr("did you mean 'nucleo-l4r5zi'?"));
    EXPECT_THAT(refusal(running(kExit, {"--uart", "USART2"})), HasSubstr("--uart takes NAME=TARGET"));
    EXPECT_THAT(refusal(running(kExit, {"--calibrate", "0"})), HasSubstr("--calibrate takes picojoules"));
    EXPECT_THAT(refusal(running(kExit, {"--until", "inferences:x"})), HasSubstr("--until"));
}

TEST_F(Cli, BadInputIsOneSentenceThatNamesTheFile) {
    EXPECT_THAT(refusal({m_folder.path("none.elf")}), HasSubstr("there is no file '" + m_folder.path("none.elf")));
    EXPECT_THAT(refusal({"report", m_folder.path("none")}), HasSubstr("No such file or directory"));
    EXPECT_THAT(refusal({"report", "/"}), HasSubstr("Is a directory"));
    EXPECT_THAT(refusal({"report", m_folder.write("a.elf", "\x7f"
                                                           "ELF")}),
                HasSubstr("is not a profile"));
    EXPECT_THAT(refusal({"report", m_folder.write("a.simprof", "{\"schema\": \"simprof-profile/9\"}")}),
                HasSubstr("the profile follows simprof-profile/9"));
    EXPECT_THAT(refusal({"diff", sample(), m_folder.write("cut", "{\"schema\"")}), HasSubstr("cut': not valid JSON"));
    EXPECT_THAT(refusal({"check", sample(), "--budget", m_folder.write("b.json", "{}")}),
                HasSubstr("b.json': not a budget"));
    EXPECT_THAT(refusal({m_folder.write("short.bin", "abc"), "--base", "0x08000000"}), HasSubstr("short.bin"));
    EXPECT_THAT(refusal({m_folder.write("raw.bin", image(kExit)), "--base", "here"}),
                HasSubstr("--base takes an address"));
}

TEST_F(Cli, ReportsOfAProfileInEachFormat) {
    const std::string path = sample();
    for (const char* format : {"text", "json", "markdown", "html", "csv", "junit", "perfetto", "callgrind", "collapsed",
                               "speedscope", "github", "benchmark"}) {
        const ProgramResult result = simprof({"report", path, "--format", format});
        EXPECT_EQ(result.exitCode, 0) << format;
        EXPECT_THAT(result.error, IsEmpty()) << format;
        EXPECT_GT(result.output.size(), 200u) << format;
        EXPECT_EQ(simprof({"report", path, "--format", format, "-o", m_folder.path("out")}).output, "");
        EXPECT_EQ(m_folder.read("out"), result.output) << format;
    }
    EXPECT_EQ(simprof({"report", path, "--format", "json"}).output, m_folder.read("sample.simprof"));
    EXPECT_THAT(simprof({"report", path, "--by", "function"}).output, HasSubstr("arm_nn_mat_mult_nt_t_s8"));
}

TEST_F(Cli, ARunPrintsItsReportAndItsConsoleElsewhere) {
    const ProgramResult report = simprof(running(kHello));
    EXPECT_EQ(report.exitCode, 0) << report.error;
    EXPECT_THAT(report.output, HasSubstr("nucleo-l4r5zi"));
    EXPECT_THAT(report.output, Not(HasSubstr("hello")));
    EXPECT_THAT(report.error, HasSubstr("hello\n"));

    const ProgramResult profile = simprof(running(kHello, {"-o", m_folder.path("p.simprof")}));
    EXPECT_EQ(profile.exitCode, 0);
    EXPECT_EQ(profile.output, "hello\n") << "no report is printed, so the console has standard output";
    EXPECT_EQ(readProfile(m_folder.path("p.simprof")).console, "hello\n");

    const ProgramResult both = simprof(running(kHello, {"--report=json", "-o", m_folder.path("q.simprof")}));
    EXPECT_EQ(both.output, m_folder.read("q.simprof"));
    EXPECT_EQ(m_folder.read("q.simprof"), m_folder.read("p.simprof")) << "two runs give the same bytes";
}

TEST_F(Cli, ReportWithoutFormatDoesNotSwallowTheFirmware) {
    auto arguments = running(kExit);
    arguments.insert(arguments.begin(), "--report");
    EXPECT_THAT(simprof(arguments).output, StartsWith("firmware.bin  raw"));
    arguments.insert(arguments.begin() + 1, "csv");
    EXPECT_THAT(simprof(arguments).output, StartsWith("id,op,name"));
}

TEST_F(Cli, AFaultOrARunWithoutEndIsExitThree) {
    const ProgramResult fault = simprof(running(kUndefined, {"--report=json"}));
    EXPECT_EQ(fault.exitCode, 3);
    EXPECT_NE(json::parse(fault.output)["halt"]["fault"], nullptr);
    EXPECT_THAT(fault.error, HasSubstr("simprof: the firmware did not finish ("));
    EXPECT_EQ(simprof(running(kForever, {"--until", "cycles:100000"})).exitCode, 0) << "--until was reached as asked";
}

TEST_F(Cli, OutputsThatCannotBeWrittenAreExitTwo) {
    EXPECT_THAT(refusal(running(kExit, {"-o", m_folder.path("none/p")})), HasSubstr("cannot write"));
    EXPECT_THAT(refusal(running(kExit, {"-o", m_folder.path("")})), HasSubstr("Is a directory"));
    EXPECT_THAT(refusal({"report", sample()}, {.outputPath = "/dev/full"}),
                HasSubstr("cannot write to standard output: No space left on device"));
    EXPECT_THAT(refusal({"report", sample(), "-o", "/dev/full"}), HasSubstr("cannot write '/dev/full'"));
    EXPECT_EQ(m_folder.files(), 2u) << "the firmware and the sample, nothing partial";
}

TEST_F(Cli, AClosedPipeEndsQuietlyWithTheRightCode) {
    const ProgramResult report = simprof({"report", sample(), "--format", "html"}, {.closeOutput = true});
    EXPECT_EQ(report.exitCode, 0);
    EXPECT_THAT(report.error, IsEmpty());
    EXPECT_EQ(simprof(running(kUndefined), {.closeOutput = true}).exitCode, 3);
    const std::string slow = sample("slow.simprof", {.slowLayer = 3});
    EXPECT_EQ(simprof({"check", slow, "--baseline", sample()}, {.closeOutput = true}).exitCode, 1);
}

TEST_F(Cli, ColourOnlyOnATerminalThatWantsIt) {
    if (!test::pseudoTerminalsWork()) {
        GTEST_SKIP() << "this system has no pseudo-terminals";
    }
    const std::vector<std::string> arguments = {"report", sample()};
    EXPECT_THAT(simprof(arguments).output, Not(HasSubstr("\x1b")));
    EXPECT_THAT(simprof(arguments, {.terminal = true}).output, HasSubstr("\x1b[1m"));
    EXPECT_THAT(simprof(arguments, {.environment = {"NO_COLOR=1"}, .terminal = true}).output, Not(HasSubstr("\x1b")));
    EXPECT_THAT(simprof(arguments, {.environment = {"TERM=dumb"}, .terminal = true}).output, Not(HasSubstr("\x1b")));
    EXPECT_THAT(simprof({"report", sample(), "--no-color"}, {.terminal = true}).output, Not(HasSubstr("\x1b")));
}

TEST_F(Cli, DiffOfTwoProfiles) {
    const std::string slow = sample("slow.simprof", {.slowLayer = 3});
    EXPECT_THAT(simprof({"diff", sample(), slow}).output, HasSubstr("in arm_depthwise_conv_s8_opt +5,768"));
    EXPECT_EQ(json::parse(simprof({"diff", sample(), slow, "--format", "json"}).output)["totals"]["cycles"]["change"],
              5768);
    EXPECT_EQ(simprof({"diff", sample(), slow}).exitCode, 0);
}

TEST_F(Cli, TheGateReturnsOneAndNamesTheLayer) {
    const std::string slow = sample("slow.simprof", {.slowLayer = 3});
    const std::string base = sample();
    const ProgramResult same = simprof({"check", base, "--baseline", base});
    EXPECT_EQ(same.exitCode, 0);
    EXPECT_THAT(same.output, HasSubstr("no change"));
    const ProgramResult worse = simprof(
        {"check", slow, "--baseline", base, "--junit", m_folder.path("j.xml"), "--markdown", m_folder.path("m.md")});
    EXPECT_EQ(worse.exitCode, 1);
    EXPECT_THAT(worse.output, HasSubstr("layer 3 DEPTHWISE_CONV_2D depthwise_conv2d_1/Relu"));
    EXPECT_THAT(worse.output, Not(HasSubstr("::error")));
    EXPECT_THAT(m_folder.read("j.xml"), HasSubstr("failures=\"3\""));
    EXPECT_THAT(m_folder.read("m.md"), HasSubstr("limits exceeded"));
    EXPECT_EQ(simprof({"check", slow, "--baseline", base, "--tolerance", "0.5", "--layer-tolerance", "1"}).exitCode, 0);
}

TEST_F(Cli, TheGateInAGithubWorkflow) {
    const std::string slow = sample("slow.simprof", {.slowLayer = 3});
    const ProgramStart start = {
        .environment = {"GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY=" + m_folder.path("summary")}};
    const ProgramResult worse = simprof({"check", slow, "--baseline", sample()}, start);
    EXPECT_THAT(worse.output, HasSubstr("::error title=kws-stm32f746g-disco.elf layer 3"));
    EXPECT_THAT(m_folder.read("summary"), StartsWith("## ❌"));
    const ProgramResult asJson = simprof({"check", slow, "--baseline", sample(), "--format", "json"}, start);
    EXPECT_TRUE(json::accept(asJson.output));
    EXPECT_THAT(asJson.error, HasSubstr("::error title="));
}

TEST_F(Cli, ABaselineOfSomethingElseIsRefused) {
    Profile other = test::sampleProfile();
    other.board.clockHz = 108'000'000;
    writeProfile(m_folder.path("other.simprof"), other);
    EXPECT_THAT(refusal({"check", sample(), "--baseline", m_folder.path("other.simprof")}),
                HasSubstr("core clock: 108 MHz before, 216 MHz now"));
    EXPECT_THAT(refusal({"check", sample(), "--baseline", sample(), "--board", "microbit"}),
                HasSubstr("is a profile: options of a run have no meaning"));
}

TEST_F(Cli, TheGateRunsAFirmware) {
    ASSERT_EQ(simprof(running(kExit, {"-o", m_folder.path("base.simprof")})).exitCode, 0);
    auto arguments = running(kExit, {"--baseline", m_folder.path("base.simprof")});
    arguments.insert(arguments.begin(), "check");
    EXPECT_EQ(simprof(arguments).exitCode, 0);
    arguments = running(kUndefined, {"--baseline", m_folder.path("base.simprof")});
    arguments.insert(arguments.begin(), "check");
    EXPECT_EQ(simprof(arguments).exitCode, 3);
    const std::string budget = m_folder.write("b.json", R"({"schema": "simprof-budget/1", "total": {"cycles": 1}})");
    arguments = running(kExit, {"--budget", budget});
    arguments.insert(arguments.begin(), "check");
    EXPECT_EQ(simprof(arguments).exitCode, 1);
}

TEST_F(Cli, BoardsAreListed) {
    const json list = json::parse(simprof({"boards", "--format", "json"}).output);
    EXPECT_GE(list["boards"].size(), 11u);
    for (const json& board : list["boards"]) {
        const ProgramResult one = simprof({"boards", board["name"], "--format", "json"});
        EXPECT_EQ(one.exitCode, 0);
        const json description = json::parse(one.output);
        EXPECT_GT(description["memories"].size(), 0u) << board["name"];
        EXPECT_EQ(simprof({"boards", board["name"]}).exitCode, 0);
    }
    EXPECT_THAT(simprof({"boards"}).output, HasSubstr("stm32f746g-disco"));
}

TEST_F(Cli, AnnotateRunsAFirmwareOrReadsItsProfile) {
    const std::string profile = sample();
    const ProgramResult fromProfile = simprof({"annotate", profile, "arm_nn_mat_mult_nt_t_s8"});
    EXPECT_EQ(fromProfile.exitCode, 0);
    EXPECT_THAT(fromProfile.output, HasSubstr("smlad r6, r3, r4, r6"));
    EXPECT_TRUE(json::accept(simprof({"annotate", profile, "arm_nn_mat_mult_nt_t_s8", "--format", "json"}).output));
    EXPECT_THAT(refusal({"annotate", profile, "arm_nn_mat_mult_nt_t_s"}),
                HasSubstr("did you mean 'arm_nn_mat_mult_nt_t_s8'?"));
    EXPECT_THAT(refusal({"annotate", profile, "main"}), HasSubstr("holds no instructions of main"));
    auto arguments = running(kExit);
    arguments.insert(arguments.begin(), "annotate");
    arguments.insert(arguments.begin() + 2, "0x08000044");
    const ProgramResult fromFirmware = simprof(arguments);
    EXPECT_EQ(fromFirmware.exitCode, 0) << fromFirmware.error;
    EXPECT_THAT(fromFirmware.output, HasSubstr("movs r0, #0x18"));
}

/// The samples exist when the Arm compiler was there at build time.
std::string samplePath(const std::string& name) {
    return std::string(SIMPROF_BINARY_DIR) + "/firmware/" + name + ".elf";
}

TEST_F(Cli, ProfilesOfTheSmallSamplesFollowTheSchema) {
    const std::filesystem::path samples = std::string(SIMPROF_BINARY_DIR) + "/firmware";
    std::ifstream schema(std::string(SIMPROF_SOURCE_DIR) + "/profiler/profile_schema.json");
    test::SchemaCheck check(json::parse(schema));
    unsigned checked = 0;
    if (std::filesystem::is_directory(samples)) {
        for (const auto& entry : std::filesystem::directory_iterator(samples)) {
            const std::string name = entry.path().filename().string();
            if (!name.starts_with("sine-") || !name.ends_with(".elf")) {
                continue;
            }
            ++checked;
            const ProgramResult result = simprof({entry.path().string(), "--report=json"});
            EXPECT_EQ(result.exitCode, 0) << name << ": " << result.error;
            EXPECT_THAT(check.errors(json::parse(result.output)), IsEmpty()) << name;
            EXPECT_EQ(fromJson(result.output).layers.size(), 3u) << name;
        }
    }
    if (checked == 0) {
        GTEST_SKIP() << "no samples were built in " << samples;
    }
}

TEST_F(Cli, KeywordSpottingPassesItsOwnBaselineAndASlowerKernelDoesNot) {
    const std::string firmware = samplePath("kws-stm32f746g-disco");
    const std::string slower = samplePath("kws-stm32f746g-disco-slower");
    if (!std::filesystem::exists(firmware) || !std::filesystem::exists(slower)) {
        GTEST_SKIP() << firmware << " or " << slower << " was not built";
    }
    const std::string base = m_folder.path("base.simprof");
    ASSERT_EQ(simprof({firmware, "-o", base}).exitCode, 0);
    const ProgramResult same = simprof({"check", firmware, "--baseline", base});
    EXPECT_EQ(same.exitCode, 0) << same.output;
    const ProgramResult worse = simprof({"check", slower, "--baseline", base, "--format", "json"});
    EXPECT_EQ(worse.exitCode, 1) << worse.error;
    EXPECT_FALSE(json::parse(worse.output)["checks"][0]["layer"].is_null());
}

TEST_F(Cli, OneOfSeveralNetworksIsChosenByNameOrNumber) {
    writeProfile(m_folder.path("two.simprof"), twoNetworks());
    const std::string two = m_folder.path("two.simprof");
    EXPECT_THAT(simprof({"report", two}).output, HasSubstr("inferences of 2 networks"));
    for (const char* name : {"wake", "2"}) {
        const ProgramResult one = simprof({"report", two, "--network", name});
        EXPECT_EQ(one.exitCode, 0);
        EXPECT_THAT(one.output, HasSubstr("SOFTMAX"));
        EXPECT_THAT(one.output, HasSubstr("[network 1 "));
    }
    EXPECT_EQ(simprof({"check", two, "--baseline", two}).exitCode, 0);
    EXPECT_EQ(simprof({"check", two, "--baseline", two, "--network", "wake"}).exitCode, 0);
    EXPECT_THAT(refusal({"report", two, "--network", "wkae"}), HasSubstr("there is no network 'wkae'"));
    EXPECT_THAT(refusal({"diff", two, sample(), "--network", "wake"}), HasSubstr("those that ran are 1 "));
}

} // namespace
} // namespace simprof
