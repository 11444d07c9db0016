// SPDX-License-Identifier: GPL-2.0-or-later
// A profile in, findings out: one row of text a finding.
#include "profiler/analysis/diagnosis.h"
#include "profiler/analysis/findings.h"
#include "profiler/analysis/operator_sums.h"
#include "tests/support/sample_profile.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace simprof {
namespace {

using test::sampleProfile;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// "severity | target | title | sentences" of the findings of one severity.
std::vector<std::string> rows(const Profile& profile, Severity severity) {
    std::vector<std::string> out;
    for (const Finding& finding : makeFindings(profile)) {
        if (finding.severity == severity) {
            out.push_back(fmt::format("{} | {} | {}", finding.target, finding.title, sentencesOf(finding)));
        }
    }
    return out;
}

/// Ended by exit, one layer that owns all of its inference, nothing to complain of.
Profile quietProfile() {
    Profile profile;
    profile.board.name = "nobody measured this one";
    profile.board.core = "Cortex-M0+";
    profile.halt.reason = HaltReason::Kind::Exit;
    profile.totals.cycles = 1'000;
    profile.totals.attributedPercent = 100;
    profile.totals.code = CodeClass::FloatNetwork;
    profile.inferences = {{0, 0, 1'000, 0, {{0, 0, 1'000}}}};
    LayerInfo layer;
    layer.name = "a/Relu;a/BiasAdd";
    layer.op = "CONV_2D";
    layer.macs = 250;
    layer.calls = 1;
    layer.cycles = 1'000;
    layer.timeUs = 10;
    layer.instructions = 900;
    layer.macsPerCycle = 0.25;
    layer.stalls[static_cast<std::size_t>(Stall::Issue)] = 1'000;
    profile.layers = {layer};
    return profile;
}

TEST(Findings, NothingToSayIsOnlyWhereFiguresComeFrom) {
    const Profile profile = quietProfile();
    EXPECT_THAT(rows(profile, Severity::Error), IsEmpty());
    EXPECT_THAT(rows(profile, Severity::Warning), IsEmpty());
    EXPECT_THAT(rows(profile, Severity::Note), IsEmpty());
    EXPECT_THAT(rows(profile, Severity::Basis),
                ElementsAre("counts | Exact | instructions, calls, bytes read and written, the life of each byte",
                            "cycles | Cycles | by the timing rules of the Cortex-M0+ and of the memories as programmed",
                            "board | On boards | float networks on a Cortex-M0+: not measured",
                            "network | Attributed | 100.00 % of the cycles inside inferences to a layer",
                            "energy | Energy | unknown: no current of this board is documented",
                            "peripherals | Peripherals | everything the firmware touched is modelled"));
}

TEST(Findings, TheSlowestLayersWithWhatKeepsThemBusy) {
    EXPECT_THAT(rows(quietProfile(), Severity::Advice),
                ElementsAre("layer 0 | layer 0 CONV_2D a/Relu | 100.0 % of the run, 10.0 µs. 0.25 MACs per cycle, 50 % "
                            "of what the core can do (0.5). 100 % of its cycles issue instructions, 3.6 a MAC: SIMD, "
                            "more outputs per loaded word or longer inner loops would pay."));
    const Profile sample = sampleProfile({.slowLayer = 9, .slowPercent = 5000});
    const auto findings = makeFindings(sample);
    const auto first = std::ranges::find(findings, Severity::Advice, &Finding::severity);
    ASSERT_NE(first, findings.end());
    EXPECT_EQ(targetLayer(sample, *first), 9U);
    EXPECT_EQ(std::ranges::count(findings, Severity::Advice, &Finding::severity), 3);
    EXPECT_EQ(adviceTitle(sample), "Layers to attack first");
}

TEST(Findings, WithoutLayersTheSlowestFunctions) {
    Profile profile = quietProfile();
    profile.layers.clear();
    profile.network.why = "no flatbuffer";
    profile.functions = {{"a::f(int)", 0x100, "", 0, 2, 90, 500, 700, {}}, {"g", 0x200, "", 0, 1, 5, 4, 4, {}}};
    EXPECT_THAT(rows(profile, Severity::Advice),
                ElementsAre("function a::f(int) | a::f | 500 cycles of its own, 50.0 % of the run, 2 calls.",
                            "function g | g | 4 cycles of its own, 0.4 % of the run, 1 call."));
    EXPECT_THAT(rows(profile, Severity::Warning),
                ElementsAre("network | no network | No network was recognised: no flatbuffer"));
    EXPECT_EQ(adviceTitle(profile), "Functions to attack first");
    EXPECT_EQ(targetLayer(profile, makeFindings(profile).back()), std::nullopt);
}

TEST(Findings, HowTheRunEnded) {
    Profile profile = quietProfile();
    profile.halt.exitCode = 3;
    EXPECT_THAT(rows(profile, Severity::Warning),
                ElementsAre("run | exit code | The firmware ended with exit code 3."));
    profile.halt = {HaltReason::Kind::Fault, "unaligned word load", 0, 0, ProfileFault{}};
    EXPECT_THAT(rows(profile, Severity::Error),
                ElementsAre("run | the run did not end well | The run did not end well: unaligned word load"));
    profile.findings = makeFindings(profile);
    EXPECT_THAT(remarksOf(profile), IsEmpty()) << "the fault says it";
    profile.halt = {HaltReason::Kind::Cancelled, "", 0, 0, std::nullopt};
    EXPECT_THAT(rows(profile, Severity::Warning),
                ElementsAre("run | partial profile | Partial profile: the run was cancelled; all figures cover what "
                            "ran until then."));
}

TEST(Findings, StackAndArena) {
    Profile profile = quietProfile();
    profile.memory.stack.sizeBytes = 1'000;
    profile.memory.stack.highWaterBytes = 850;
    EXPECT_THAT(rows(profile, Severity::Warning), IsEmpty());
    profile.memory.stack.highWaterBytes = 851;
    EXPECT_THAT(rows(profile, Severity::Warning),
                ElementsAre("stack | stack near its limit | The stack is near its limit: 851 B of 1,000 B used."));
    profile.memory.stack.overflowsInto = "the heap";
    EXPECT_THAT(rows(profile, Severity::Error),
                ElementsAre("stack | stack overflow | The stack runs over into the heap."));
    profile.memory.arena = Arena{0x20000000, 4'096, 4'096, 4'000, 0, 4'096, ArenaSource::Allocator};
    EXPECT_THAT(rows(profile, Severity::Note), IsEmpty());
    profile.memory.arena->neededBytes = 3'000;
    EXPECT_THAT(rows(profile, Severity::Note),
                ElementsAre("arena | arena larger than needed | The arena is larger than needed: 3,000 B of 4,096 B "
                            "are enough. To change: reserve 3,000 B. Saves: 1,096 B."));
    profile.memory.arena->neededBy = ArenaSource::Extent;
    EXPECT_THAT(
        rows(profile, Severity::Note),
        ElementsAre("arena | arena larger than needed | The arena may be larger than needed: 3,000 B of 4,096 B "
                    "are in use. To change: reserve 3,000 B, or what the runtime's planning needs beyond. "
                    "Saves: 1,096 B."));
    profile.memory.arena->neededBytes = 0; // nobody knows
    EXPECT_THAT(rows(profile, Severity::Note), IsEmpty());
}

TEST(Findings, ReferenceKernelsAndCyclesWithoutALayer) {
    Profile profile = quietProfile();
    profile.layers[0].kernel = "tflite::reference_integer_ops::ConvPerChannel";
    profile.totals.attributedPercent = 97.9;
    EXPECT_THAT(rows(profile, Severity::Warning),
                ElementsAre("network | cycles without a layer | Only 97.9 % of the cycles inside inferences belong to "
                            "a layer.",
                            "network | reference kernels | 1 of 1 layers run reference kernels: the optimised library "
                            "is not linked for them."));
}

TEST(Findings, DevicesWithoutAModel) {
    Profile profile = quietProfile();
    profile.peripherals = {{"LTDC", 0x40016818, NoteKind::Unmodelled, 3, 0, ""},
                           {"RCC", 0x40023800, NoteKind::PollSatisfied, 1, 0, ""},
                           {"RNG", 0x40023804, NoteKind::PollSatisfied, 1, 0, ""},
                           {"", 0, NoteKind::Event, 1, 0, "cycle 9: the watchdog was fed late"}};
    EXPECT_THAT(rows(profile, Severity::Note),
                ElementsAre("peripherals | registers without a model | 1 register that is not modelled was touched; "
                            "they keep what was written.",
                            "peripherals | waits ended by a guess | 2 wait loops were satisfied by a guess."));
    EXPECT_THAT(rows(profile, Severity::Warning), ElementsAre("run | event | cycle 9: the watchdog was fed late"));
    EXPECT_THAT(rows(profile, Severity::Basis).back(), HasSubstr("1 register without a model, 2 wait loops ended"));
}

TEST(Findings, HowFarTheFiguresAreToBeTrusted) {
    Profile profile = sampleProfile();
    profile.board.assumptions = {"SRAM1: assumed zero wait states", "flash: 7 wait states"};
    const std::string all = fmt::format("{}", fmt::join(rows(profile, Severity::Basis), "\n"));
    for (const char* part : {"Cortex-M7", "assumed for 1 memory\n", "±15 % (LDO 3.3 V)", "1 register without a model",
                             "1 wait loop ended by a guess", "int8 networks on this board: "}) {
        EXPECT_THAT(all, HasSubstr(part));
    }
}

TEST(Findings, AreSortedAndEachRuleIsUsed) {
    const auto findings = makeFindings(sampleProfile());
    EXPECT_TRUE(std::ranges::is_sorted(findings, {}, &Finding::severity));
    std::size_t sum = 0;
    for (const FindingRule& rule : findingRules()) {
        sum += rule.findings(sampleProfile()).size();
    }
    EXPECT_EQ(sum, findings.size());
}

TEST(Diagnosis, NamesTheLargestStallAndReferenceKernels) {
    Profile profile = sampleProfile();
    LayerInfo& layer = profile.layers[2];
    layer.stalls = {};
    layer.stalls[static_cast<std::size_t>(Stall::CacheMiss)] = layer.cycles * 6 / 10;
    layer.stalls[0] = layer.cycles - layer.stalls[static_cast<std::size_t>(Stall::CacheMiss)];
    layer.kernel = "tflite::reference_integer_ops::ConvPerChannel(tflite::ConvParams const&)";
    const auto sentences = diagnoseLayer(profile, layer);
    ASSERT_EQ(sentences.size(), 3U);
    EXPECT_NE(sentences[0].find("reference kernel"), std::string::npos);
    EXPECT_NE(sentences[2].find("60 %"), std::string::npos);
    EXPECT_NE(sentences[2].find("data memory"), std::string::npos);
}

TEST(Diagnosis, SlowestLayersAreInOrder) {
    const Profile profile = sampleProfile({.slowLayer = 9, .slowPercent = 5000});
    const std::vector<std::size_t> slowest = slowestLayers(profile, 3);
    ASSERT_EQ(slowest.size(), 3U);
    EXPECT_EQ(slowest[0], 9U);
    EXPECT_EQ(slowest[1], 0U);
    EXPECT_TRUE(slowestLayers(Profile{}, 3).empty());
}

TEST(OperatorSums, LayersOfOneOperatorTogether) {
    Profile profile;
    profile.layers.resize(4);
    const std::tuple<const char*, Cycles, double, double> layers[] = {
        {"CONV_2D", 10, 1, 0.5}, {"", 70, 7, 3.5}, {"CONV_2D", 20, 2, 1}, {"SOFTMAX", 30, 3, 1.5}};
    for (std::size_t i = 0; i < std::size(layers); ++i) {
        std::tie(profile.layers[i].op, profile.layers[i].cycles, profile.layers[i].timeUs, profile.layers[i].energyUj) =
            layers[i];
    }
    EXPECT_THAT(sumsByOperator(profile),
                ElementsAre(OperatorSum{"", 1, 70, 7, 3.5}, OperatorSum{"CONV_2D", 2, 30, 3, 1.5},
                            OperatorSum{"SOFTMAX", 1, 30, 3, 1.5}));
}

} // namespace
} // namespace simprof
