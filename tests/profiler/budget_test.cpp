// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/budget/budget.h"
#include "profiler/files.h"
#include "profiler/report/gate_report.h"
#include "sim_core/error.h"
#include "tests/support/golden.h"
#include "tests/support/sample_profile.h"
#include "tests/support/schema_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simprof {
namespace {

using test::sampleProfile;
using testing::HasSubstr;

Profile slower(int layer, unsigned percent) { return sampleProfile({.slowLayer = layer, .slowPercent = percent}); }

std::string errorOf(const auto& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

constexpr const char* kBudget = R"({
  "schema": "simprof-budget/1",
  "board": "stm32f746g-disco",
  "total": {"cycles": 8000000},
  "inference": {"time_us": 17000},
  "memory": {"stack_bytes": 1024, "arena_used_bytes": 24000, "sram_bytes": 30000},
  "layers": {"SOFTMAX": {"cycles": 3000}, "conv2d/Relu": {"energy_uj": 2000}, "*": {"sram_peak_bytes": 18303}, "3": {"time_us": 1336}}
})";

TEST(Baseline, UnchangedFirmwarePassesWithZeroTolerance) {
    const GateResult result = checkBaseline(sampleProfile(), sampleProfile(), {});
    EXPECT_TRUE(result.passed());
    EXPECT_GT(result.checks.size(), 26u);
    for (const Check& check : result.checks) {
        EXPECT_EQ(check.changePercent(), 0) << check.where << " " << check.metric;
    }
}

TEST(Baseline, OnePercentIsFoundAndNamed) {
    const GateResult result = checkBaseline(sampleProfile(), slower(3, 1), {});
    EXPECT_FALSE(result.passed());
    EXPECT_EQ(result.checks[0].where, "layer 3 DEPTHWISE_CONV_2D depthwise_conv2d_1/Relu");
    EXPECT_EQ(result.checks[0].metric, "cycles");
    EXPECT_THAT(result.checks[0].moved, HasSubstr("instructions"));
    EXPECT_EQ(result.checks[1].where, "total");
    EXPECT_THAT(result.checks[1].moved, HasSubstr("layer 3 DEPTHWISE_CONV_2D depthwise_conv2d_1/Relu +5,768"));
}

TEST(Baseline, TolerancesApplyToTotalsAndToLayers) {
    const auto violations = [](double total, double layer) {
        return checkBaseline(sampleProfile(), slower(3, 1), {total, layer}).violations();
    };
    EXPECT_EQ(violations(0, 0), 3u) << "layer, total cycles, total energy";
    EXPECT_EQ(violations(0.5, 0), 1u);
    EXPECT_EQ(violations(0, 1), 2u);
    EXPECT_EQ(violations(0.5, 1), 0u);
    EXPECT_EQ(violations(0.5, 0.9), 1u);
}

TEST(Baseline, BetterIsNoViolation) { EXPECT_TRUE(checkBaseline(slower(3, 1), sampleProfile(), {}).passed()); }

TEST(Baseline, MemoryIsGatedToo) {
    Profile now = sampleProfile();
    now.memory.stack.highWaterBytes += 8;
    now.memory.arena->usedBytes += 1;
    const GateResult result = checkBaseline(sampleProfile(), now, {});
    EXPECT_EQ(result.violations(), 2u);
    EXPECT_EQ(result.checks[0].metric, "stack_bytes");
    EXPECT_EQ(result.checks[1].metric, "arena_used_bytes");
}

TEST(Baseline, WorstComesFirst) {
    Profile now = sampleProfile();
    now.layers[2].cycles += 1000;
    now.layers[4].cycles += 5000;
    now.totals.cycles += 6000;
    const GateResult result = checkBaseline(sampleProfile(), now, {});
    EXPECT_EQ(result.checks[0].layer, 4);
    EXPECT_EQ(result.checks[1].layer, 2);
    EXPECT_EQ(result.checks[2].where, "total");
}

TEST(Baseline, OfSomethingElseIsRefusedWithTheDifference) {
    Profile other = sampleProfile();
    other.board.name = "nucleo-l4r5zi";
    other.board.clockHz = 120'000'000;
    const std::string message = errorOf([&] { checkBaseline(other, sampleProfile(), {}); });
    EXPECT_THAT(
        message,
        HasSubstr("board: nucleo-l4r5zi before, stm32f746g-disco now; core clock: 120 MHz before, 216 MHz now"));
    other = sampleProfile();
    other.layers[5].op = "ADD";
    EXPECT_THAT(errorOf([&] { checkBaseline(other, sampleProfile(), {}); }), HasSubstr("network: layer 5 was ADD"));
}

TEST(Baseline, ReportsOfAFailedGate) {
    Profile now = slower(3, 1);
    now.memory.stack.highWaterBytes += 64;
    now.tool.version = "0.2.0";
    GateResult result = checkBaseline(sampleProfile(), now, {});
    result.against = "base.simprof";
    test::expectGolden("gate.txt", writeGate(result, now, DiffFormat::Text, {}) + "\n" +
                                       writeGate(result, now, DiffFormat::Markdown, {}) + "\n" +
                                       gateGithub(result, now) + "\n" + gateJunit(result, now));
    const auto json = nlohmann::json::parse(writeGate(result, now, DiffFormat::Json, {}));
    EXPECT_EQ(json["passed"], false);
    EXPECT_EQ(json["violations"], 4);
    EXPECT_EQ(json["checks"][0]["layer"], 3);
    EXPECT_EQ(json["checks"].size(), result.checks.size());
}

TEST(Budget, FollowsItsPublishedSchema) {
    test::SchemaCheck check(nlohmann::json::parse(
        readFile(std::filesystem::path(SIMPROF_SOURCE_DIR) / "profiler/budget/budget_schema.json")));
    nlohmann::json budget = nlohmann::json::parse(kBudget);
    EXPECT_THAT(check.errors(budget), testing::IsEmpty());
}

TEST(Budget, FindsWhatIsOverItsLimit) {
    const GateResult result = checkBudget(parseBudget(kBudget), sampleProfile());
    std::vector<std::string> over;
    for (const Check& check : result.checks) {
        if (check.isViolated()) {
            over.push_back(check.where + " " + check.metric);
        }
    }
    EXPECT_THAT(over, testing::UnorderedElementsAre(
                          "inference time_us", "memory stack_bytes", "layer 12 SOFTMAX Identity cycles",
                          "layer 1 DEPTHWISE_CONV_2D depthwise_conv2d/Relu sram_peak_bytes",
                          "layer 3 DEPTHWISE_CONV_2D depthwise_conv2d_1/Relu sram_peak_bytes",
                          "layer 5 DEPTHWISE_CONV_2D depthwise_conv2d_2/Relu sram_peak_bytes",
                          "layer 7 DEPTHWISE_CONV_2D depthwise_conv2d_3/Relu sram_peak_bytes"));
}

TEST(Budget, ErrorsNameThePath) {
    const auto parse = [](const char* text) { return errorOf([&] { parseBudget(text); }); };
    EXPECT_THAT(parse("[]"), HasSubstr("a budget is a JSON object"));
    EXPECT_THAT(parse("{"), HasSubstr("not valid JSON"));
    EXPECT_THAT(parse(R"({"total": {"cycles": 1}})"), HasSubstr("its \"schema\" is not \"simprof-budget/1\""));
    EXPECT_THAT(parse(R"({"schema": "simprof-budget/1"})"), HasSubstr("limits nothing"));
    EXPECT_THAT(parse(R"({"schema": "simprof-budget/1", "totals": {}})"), HasSubstr("'totals' is no section"));
    EXPECT_THAT(parse(R"({"schema": "simprof-budget/1", "total": {"cycle": 1}})"),
                HasSubstr("total limits 'cycle', which is none of cycles, instructions"));
    EXPECT_THAT(parse(R"({"schema": "simprof-budget/1", "total": {"cycles": "1"}})"),
                HasSubstr("total.cycles is no number from 0"));
    EXPECT_THAT(parse(R"({"schema": "simprof-budget/1", "layers": {"x": 1}})"),
                HasSubstr("layers.x is a number where an object of limits is expected"));
}

TEST(Budget, ErrorsSayWhatTheProfileLacks) {
    const auto check = [](const char* sections, const Profile& profile) {
        return errorOf([&] {
            checkBudget(parseBudget(std::string(R"({"schema": "simprof-budget/1", )") + sections + "}"), profile);
        });
    };
    Profile bare;
    bare.board.name = "microbit";
    EXPECT_THAT(check(R"("board": "x", "total": {"cycles": 1})", bare),
                HasSubstr("the budget is for the board x, but the profile is of microbit"));
    EXPECT_THAT(check(R"("memory": {"arena_used_bytes": 1})", bare), HasSubstr("the profile has none"));
    EXPECT_THAT(check(R"("inference": {"cycles": 1})", bare), HasSubstr("the profile has none"));
    EXPECT_THAT(check(R"("layers": {"GRU": {"cycles": 1}})", sampleProfile()), HasSubstr("layer 'GRU'"));
    EXPECT_EQ(check(R"("layers": {"*": {"cycles": 1}})", bare), "");
}

} // namespace
} // namespace simprof
