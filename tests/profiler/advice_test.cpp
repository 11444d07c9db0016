// SPDX-License-Identifier: GPL-2.0-or-later
/// Advice from a profile alone.
#include "profiler/advice/advice.h"
#include "profiler/advice/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simprof {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

LayerInfo layer(std::int32_t id, double macsPerCycle, Cycles cycles) {
    LayerInfo made;
    made.id = id;
    made.name = "l" + std::to_string(id);
    made.op = "CONV_2D";
    made.kernel = "conv";
    made.macs = 1000;
    made.calls = 2;
    made.cycles = cycles;
    made.timeUs = static_cast<double>(cycles) / 100;
    made.macsPerCycle = macsPerCycle;
    return made;
}

TEST(AdviceRules, AKernelThatIsFasterElsewhere) {
    Profile profile;
    profile.totals.cycles = 2'000'000;
    profile.layers = {layer(0, 0.10, 1'000'000), layer(1, 0.40, 500'000)};
    const std::vector<Finding> findings = adviceRules(profile);
    ASSERT_THAT(findings, SizeIs(1));
    EXPECT_EQ(findings[0].target, "layer 0");
    EXPECT_THAT(findings[0].text,
                HasSubstr("At layer 1's 0.40 MACs per cycle layer 0 CONV_2D l0 would take 3.75 ms less"));
    ASSERT_TRUE(findings[0].saves);
    EXPECT_EQ(findings[0].saves->cycles, 375'000U);
    profile.layers[0].macsPerCycle = 0.3;
    EXPECT_THAT(adviceRules(profile), SizeIs(0));
}

TEST(AdviceRules, FloatingPointBySoftware) {
    Profile profile;
    profile.board.core = "Cortex-M4";
    profile.totals.cycles = 1'000'000;
    FunctionInfo function;
    function.name = "__aeabi_dmul";
    function.selfCycles = 100'000;
    profile.functions = {function};
    const std::vector<Finding> findings = adviceRules(profile);
    ASSERT_THAT(findings, SizeIs(1));
    EXPECT_THAT(findings[0].text, HasSubstr("100,000 cycles, 10.0 % of the run"));
    EXPECT_THAT(findings[0].how, HasSubstr("compile for the FPU"));
    profile.board.core = "Cortex-M0+";
    EXPECT_THAT(adviceRules(profile)[0].how, HasSubstr("integers"));
    profile.functions[0].name = "dmul";
    EXPECT_THAT(adviceRules(profile), SizeIs(0));
}

TEST(AdviceRules, AStackReservedBeyondNeed) {
    Profile profile;
    profile.memory.stack = {0x20000000, 0x20004000, 0x4000, 0x400, ""};
    const std::vector<Finding> findings = adviceRules(profile);
    ASSERT_THAT(findings, SizeIs(1));
    EXPECT_EQ(findings[0].saves->bytes, 0x3800U);
    profile.memory.stack.highWaterBytes = 0x2000;
    EXPECT_THAT(adviceRules(profile), SizeIs(0));
}

TEST(Advice, FitsMemoryWithWhatSavesMostFirst) {
    Profile profile;
    profile.memory.staticBytes = 10'000;
    profile.memory.stack = {0x20000000, 0x20004000, 0x4000, 0x400, ""};
    const Advice advice = adviseFrom(profile);
    EXPECT_EQ(sramTaken(profile), 26'384U);
    EXPECT_FALSE(fitMemory(profile, advice, 1'000));
    EXPECT_FALSE(fitMemory(profile, advice, 30'000));
    const auto fit = fitMemory(profile, advice, 16'000);
    ASSERT_TRUE(fit);
    EXPECT_THAT(fit->text, HasSubstr("26,384 B become 12,048 B. That is: stack reserved beyond need."));
}

TEST(Advice, CountsAnInferenceElseTheWholeRun) {
    Profile profile;
    profile.totals = {.cycles = 100, .timeUs = 2, .energyUj = 3};
    EXPECT_EQ(costOf(profile).cycles, 100);
    EXPECT_EQ(costOf(profile).timeUs, 2);
}

} // namespace
} // namespace simprof
