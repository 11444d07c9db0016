// SPDX-License-Identifier: GPL-2.0-or-later
/// `simprof plan` as a user meets it.
#include "profiler/planning/problem_csv.h"
#include "tests/cli/cli_program.h"

#include <nlohmann/json.hpp>

namespace simprof {
namespace {

using nlohmann::json;
using namespace test;
using testing::AllOf;
using testing::HasSubstr;

const std::string kProblem = "id,lower,upper,size\n0,0,3,4\n1,3,9,4\n2,0,9,4\n3,9,21,4\n4,0,21,4\n";

class PlanVerb : public Cli {
protected:
    std::string problem(const std::string& text = kProblem) { return m_folder.write("p.csv", text); }
};

TEST_F(PlanVerb, PrintsPeakAndBound) {
    const ProgramResult result = simprof({"plan", problem()});
    EXPECT_EQ(result.exitCode, 0) << result.error;
    EXPECT_EQ(result.output, "buffers      5\n"
                             "peak         12 B\n"
                             "lower bound  12 B\n"
                             "result       optimal: no plan takes less\n"
                             "searched     0 decisions\n");
    EXPECT_THAT(simprof({"plan", "--help"}).output, AllOf(HasSubstr("--capacity BYTES"), HasSubstr("--align BYTES")));
}

TEST_F(PlanVerb, WritesAPlanThatItAcceptsAgain) {
    const ProgramResult csv = simprof({"plan", problem(), "--as", "csv", "--align", "16"});
    EXPECT_EQ(csv.exitCode, 0) << csv.error;
    const PlanningFile plan = readPlanningCsv(csv.output, "plan.csv");
    EXPECT_FALSE(findClash(plan.problem, plan.offsets));
    EXPECT_EQ(peakOf(plan.problem, plan.offsets), 36U);
    const std::string again = m_folder.write("plan.csv", csv.output);
    EXPECT_THAT(simprof({"plan", again}).output, HasSubstr("peak now     36 B"));

    const json document = json::parse(simprof({"plan", again, "--as", "json"}).output);
    const json& level = document["tensor_level"];
    EXPECT_EQ(level["size_bytes"], 12);
    EXPECT_EQ(level["lower_bound_bytes"], 12);
    EXPECT_EQ(level["optimal"], true);
    EXPECT_EQ(level["end"], "optimal");
    EXPECT_EQ(level["offsets"].size(), 5U);
    EXPECT_FALSE(document.contains("overlay_level"));
    EXPECT_EQ(document["peak_now_bytes"], 36);
    ASSERT_EQ(document["buffers"].size(), 5U);
    EXPECT_EQ(document["buffers"][3]["upper"], 21);
}

TEST_F(PlanVerb, ACapacityThatIsNotKeptFailsTheGate) {
    EXPECT_EQ(simprof({"plan", problem(), "--capacity", "12"}).exitCode, 0);
    const ProgramResult result = simprof({"plan", problem(), "--capacity", "11"});
    EXPECT_EQ(result.exitCode, 1);
    EXPECT_THAT(result.output, HasSubstr("no plan keeps the capacity"));
}

TEST_F(PlanVerb, PlansTheTensorsOfAProfile) {
    const std::string profile = sample();
    const ProgramResult text = simprof({"plan", profile});
    EXPECT_EQ(text.exitCode, 0) << text.error;
    EXPECT_THAT(text.output, AllOf(HasSubstr("peak now"), HasSubstr("whole tensors"), HasSubstr("B, optimal\n"),
                                   HasSubstr("byte by byte   not planned: that takes a run with --lives")));
    const json document = json::parse(simprof({"plan", profile, "--as", "json"}).output);
    EXPECT_EQ(document["alignment"], 16);
    EXPECT_LE(document["tensor_level"]["size_bytes"], document["peak_now_bytes"]);
    EXPECT_FALSE(document.contains("overlay_level"));
    std::size_t planned = 0;
    for (const TensorLife& tensor : readProfile(profile).memory.tensors) {
        planned += tensor.kind == TensorKind::Persistent ? 0 : 1;
    }
    EXPECT_EQ(document["buffers"].size(), planned);
}

TEST_F(PlanVerb, BadInputIsOneSentence) {
    EXPECT_THAT(refusal({"plan", problem("id,lower,upper,size\n0,1,1,4\n")}), HasSubstr("p.csv:2: buffer 0 ends at 1"));
    EXPECT_THAT(refusal({"plan", problem("id,lower,upper,size,offset\n5,0,2,4,0\n6,1,3,4,3\n")}),
                HasSubstr("buffers 5 and 6 live at the same time and share bytes"));
    EXPECT_THAT(refusal({"plan", m_folder.path("none.csv")}), HasSubstr("none.csv"));
    EXPECT_THAT(refusal({"plan", problem(), "--as", "xml"}),
                HasSubstr("--as takes text, csv, json or offline-plan, not 'xml'"));
    EXPECT_THAT(refusal({"plan", problem(), "--align", "0"}), HasSubstr("--align takes bytes from 1"));
    EXPECT_THAT(refusal({"plan", problem(), "--time", "-1"}), HasSubstr("--time takes seconds"));
    EXPECT_THAT(refusal({"plan", problem(), "--capacity", "x"}), HasSubstr("--capacity takes a number"));
    EXPECT_THAT(refusal({"plan", problem(), "--board", "nucleo-l4r5zi"}), HasSubstr("is a planning problem"));
    EXPECT_THAT(refusal({"plan", sample(), "--level", "overlay", "--as", "csv"}), HasSubstr("csv holds whole tensors"));
    EXPECT_THAT(refusal({"plan", problem(), "--level", "overlay"}), HasSubstr("there is no other level for it"));
    EXPECT_THAT(refusal({"plan", problem(), "--level", "all"}),
                HasSubstr("--level takes tensor, overlay, edits, not 'all'"));
    EXPECT_THAT(refusal({"plan", sample(), "--as", "offline-plan"}),
                HasSubstr("-o FILE, which it writes, go together"));
    EXPECT_THAT(refusal({"plan", sample(), "-o", m_folder.path("x.tflite")}), HasSubstr("go together"));
    EXPECT_THAT(refusal({"plan", sample(), "--as", "offline-plan", "-o", m_folder.path("x.tflite")}),
                HasSubstr("adds to the flatbuffer in a firmware"));
    const std::string other = m_folder.write("other.bin", image({0xE7FE}));
    EXPECT_THAT(refusal({"plan", sample(), "--verify", other, "--base", "0x08000000"}), HasSubstr("options of a run"));
    EXPECT_THAT(refusal({"plan", sample(), "--verify", other}), HasSubstr("the plan is for another build"));
    EXPECT_THAT(refusal({"plan", sample(), "--level", "overlay"}), HasSubstr("run the firmware with --lives"));
    EXPECT_THAT(refusal({"plan"}), HasSubstr("PROBLEM|PROFILE|FIRMWARE is required"));
}

} // namespace
} // namespace simprof
