// SPDX-License-Identifier: GPL-2.0-or-later
/// --what-if and `simprof advise` as a user meets them.
#include "tests/cli/cli_program.h"

#include <nlohmann/json.hpp>

namespace simprof {
namespace {

using nlohmann::json;
using namespace test;
using testing::AllOf;
using testing::HasSubstr;

class WhatIfOption : public Cli {};

TEST_F(WhatIfOption, TheProfileAndEveryReportSayIt) {
    const std::vector<std::string> changes = {"--what-if", "wait-states=7", "--what-if", "icache=off"};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.end(), changes.begin(), changes.end());
        return simprof(running(kHello, more));
    };
    const json profile = json::parse(with({"--report=json"}).output);
    ASSERT_TRUE(profile.contains("what_if"));
    EXPECT_EQ(profile["what_if"]["changes"][0]["asked"], "wait-states=7");
    EXPECT_EQ(profile["what_if"]["changes"][0]["what"], "7 wait states of the flash");
    EXPECT_LT(profile["what_if"]["plain_cycles"], profile["totals"]["cycles"]);
    const char* const kNamed = "(what if wait-states=7, icache=off)";
    for (const char* format : {"text", "markdown", "html", "junit", "perfetto", "speedscope", "github", "benchmark"}) {
        const ProgramResult result = with({std::string("--report=") + format});
        EXPECT_EQ(result.exitCode, 0) << result.error;
        EXPECT_THAT(result.output, HasSubstr(kNamed)) << format;
    }
    EXPECT_THAT(with({"-o", m_folder.path("p.simprof")}).error, HasSubstr(kNamed));
    EXPECT_THAT(simprof({"report", m_folder.path("p.simprof")}).output, HasSubstr("the run as it is takes"));
    EXPECT_FALSE(json::parse(simprof(running(kHello, {"--report=json"})).output).contains("what_if"));
}

TEST_F(WhatIfOption, ShiftsPrintATable) {
    const ProgramResult text = simprof(running(kHello, {"--what-if", "shift=2..8"}));
    EXPECT_EQ(text.exitCode, 0) << text.error;
    EXPECT_THAT(text.output, AllOf(HasSubstr("with its code shifted by 2 to 8 bytes, in cycles"), HasSubstr("spread %"),
                                   HasSubstr("[unattributed]"), HasSubstr("total")));
    const json table = json::parse(simprof(running(kHello, {"--what-if", "shift=4..8", "--report=json"})).output);
    EXPECT_EQ(table["shifts"], json({4, 8}));
    for (const json& row : table["rows"]) {
        EXPECT_LE(row["least_cycles"], row["cycles"]);
        EXPECT_GE(row["most_cycles"], row["cycles"]);
    }
}

TEST_F(WhatIfOption, BadInputIsOneSentence) {
    const auto refused = [this](const std::string& change) { return refusal(running(kHello, {"--what-if", change})); };
    EXPECT_THAT(refused("fn:conv*=sram"), HasSubstr("the firmware has no symbols"));
    EXPECT_THAT(refused("wait-states=many"), HasSubstr("it takes a number from 0 to 15"));
    EXPECT_THAT(refused("clock=121MHz"), HasSubstr("STM32L4R5ZI runs at 120 MHz at most"));
    EXPECT_THAT(refused("0x08000000..0x08000100=itcm"), HasSubstr("STM32L4R5ZI has no memory 'itcm'"));
    EXPECT_THAT(refused("shift=3"), HasSubstr("a shift is an even number of bytes"));
    EXPECT_THAT(refused("nonsense"), HasSubstr("--what-if takes SELECT=CHANGE"));
    EXPECT_THAT(refusal(running(kHello, {"--what-if", "shift=2", "-o", m_folder.path("p")})), HasSubstr("leave -o"));
    EXPECT_THAT(refusal({"report", sample(), "--what-if", "icache=off"}), HasSubstr("--what-if"));
    std::vector<std::string> annotate = running(kHello, {"--what-if", "shift=2", "main"});
    annotate.insert(annotate.begin(), "annotate");
    EXPECT_THAT(refusal(annotate), HasSubstr("prints a table of its own"));
}

TEST_F(WhatIfOption, AdviceIsTimedAndBestFirst) {
    std::vector<std::string> arguments = running(kHello, {"--format", "json"});
    arguments.insert(arguments.begin(), "advise");
    const ProgramResult result = simprof(arguments);
    EXPECT_EQ(result.exitCode, 0) << result.error;
    const json advice = json::parse(result.output);
    EXPECT_EQ(advice["schema"], "simprof-advice/1");
    double before = 1e300;
    for (const json& finding : advice["findings"]) {
        EXPECT_EQ(finding["severity"], "advice");
        const std::string proof = finding["proof"];
        if (proof.find("--what-if") != std::string::npos) {
            EXPECT_LE(finding["saves"]["time_us"], before);
            before = finding["saves"]["time_us"];
        }
    }
}

TEST_F(WhatIfOption, AdviceFromAProfile) {
    const ProgramResult result = simprof({"advise", sample()});
    EXPECT_EQ(result.exitCode, 0) << result.error;
    EXPECT_THAT(result.output, HasSubstr("No change of memories or settings that was timed saves anything."));
    EXPECT_EQ(simprof({"advise", sample(), "--fit", "sram=4G"}).output, "it fits as it is\n");
    EXPECT_THAT(refusal({"advise", sample(), "--fit", "ms=1"}), HasSubstr("give the firmware instead"));
    EXPECT_THAT(refusal({"advise", sample(), "--fit", "mips=1"}), HasSubstr("--fit takes ms=50 or sram=64K"));
    EXPECT_THAT(refusal({"advise", sample(), "--format", "csv"}), HasSubstr("prints text, json or markdown"));
}

} // namespace
} // namespace simprof
