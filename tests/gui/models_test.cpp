// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/axis_map.h"
#include "gui/models/code_model.h"
#include "gui/models/diagnosis.h"
#include "gui/models/energy_calculator.h"
#include "gui/models/find_model.h"
#include "gui/text.h"
#include "tests/gui/support.h"

#include <cmath>

namespace simprof::gui {
namespace {

using test::sampleProfile;

TEST(AxisMap, GoesThereAndBack) {
    const Profile profile = sampleProfile();
    for (const TimeUnit unit : {TimeUnit::Cycles, TimeUnit::Time, TimeUnit::LayerSteps}) {
        const AxisMap axis(profile, unit, 0);
        EXPECT_EQ(axis.unit(), unit);
        double last = -1e9;
        for (double cycle = 0; cycle < static_cast<double>(profile.totals.cycles); cycle += 12'345.6) {
            EXPECT_NEAR(axis.toCycles(axis.fromCycles(cycle)), cycle, 1e-3);
            EXPECT_GE(axis.fromCycles(cycle), last);
            last = axis.fromCycles(cycle);
        }
    }
}

TEST(AxisMap, FollowsTheClock) {
    Profile profile = sampleProfile();
    profile.clocks = {{0, 1'000'000}, {1'000, 100'000'000}};
    const AxisMap axis(profile, TimeUnit::Time, 0);
    EXPECT_NEAR(axis.fromCycles(1'000), 1'000, 1e-6); // a microsecond each
    EXPECT_NEAR(axis.fromCycles(2'000), 1'010, 1e-6);
}

TEST(AxisMap, CountsLayersAsSteps) {
    const Profile profile = sampleProfile();
    const AxisMap axis(profile, TimeUnit::LayerSteps, 0);
    const auto& spans = profile.inferences[0].spans;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        EXPECT_NEAR(axis.fromCycles(static_cast<double>(spans[i].startCycle)), static_cast<double>(i), 1e-6);
    }
    EXPECT_EQ(axis.text(3.5).toStdString(), "layer 3");
    EXPECT_EQ(AxisMap(Profile{}, TimeUnit::LayerSteps, 0).unit(), TimeUnit::Cycles);
}

TEST(AxisMap, TicksAreRoundAndFew) {
    const AxisMap axis(sampleProfile(), TimeUnit::Time, 0);
    const auto ticks = axis.ticks(0, 17'000, 10);
    ASSERT_GE(ticks.size(), 4U);
    EXPECT_LE(ticks.size(), 11U);
    EXPECT_EQ(ticks[1].second.toStdString(), "2 ms");
}

TEST(CodeModel, PassesTheModelTester) {
    const Profile profile = sampleProfile();
    for (const CodeModel::Kind kind : {CodeModel::Kind::Source, CodeModel::Kind::Disassembly}) {
        CodeModel model(kind, nullptr);
        const test::ModelCheck check(&model);
        model.setRows(instructionRows(profile, 0));
        model.setRows(sourceRows(profile, 0, {}));
        model.setRows({});
    }
}

TEST(CodeModel, BranchTargets) {
    const std::pair<const char*, std::optional<Address>> cases[] = {{"bne.n 0x8000fb2", 0x8000fb2},
                                                                    {"bl #0x8000100", 0x8000100},
                                                                    {"b.w 0x8000101", 0x8000100},
                                                                    {"cbz r3, 0x80001f0", 0x80001f0},
                                                                    {"cbnz r0, #0x80001f0", 0x80001f0},
                                                                    {"beq #0x8002be4", 0x8002be4},
                                                                    {"bx lr", std::nullopt},
                                                                    {"bic r0, r1, #0x10", std::nullopt},
                                                                    {"bfi r0, r1, #0x0, #0x4", std::nullopt},
                                                                    {"bkpt 0x00ab", std::nullopt},
                                                                    {"ldr r3, [r0], #4", std::nullopt},
                                                                    {"sub sp, #0x24", std::nullopt},
                                                                    {"", std::nullopt},
                                                                    {"b", std::nullopt}};
    for (const auto& [text, target] : cases) {
        EXPECT_EQ(branchTarget(text), target) << text;
    }
}

TEST(CodeModel, SourceLinesCarryTheCyclesOfTheirInstructions) {
    const Profile profile = sampleProfile();
    std::vector<std::string> text(200, "code();");
    const std::vector<CodeRow> rows = sourceRows(profile, 0, text);
    Cycles ofRows = 0;
    for (const CodeRow& row : rows) {
        ofRows += row.cycles;
    }
    Cycles ofInstructions = 0;
    for (const InstructionInfo& instruction : profile.instructions) {
        ofInstructions += instruction.function == 0 ? instruction.cycles : 0;
    }
    EXPECT_EQ(ofRows, ofInstructions);
    EXPECT_GT(ofRows, 0U);
    EXPECT_EQ(rows.front().line, profile.functions[0].line - 3);
    EXPECT_TRUE(sourceRows(profile, -1, text).empty());
    EXPECT_TRUE(sourceRows(profile, 10'000, text).empty());
}

TEST(CodeModel, FunctionsByAddress) {
    const Profile profile = sampleProfile();
    for (std::size_t i = 0; i < profile.functions.size(); ++i) {
        EXPECT_EQ(functionAt(profile, profile.functions[i].address + 2), static_cast<int>(i));
    }
    EXPECT_EQ(functionAt(profile, 0), -1);
}

TEST(FindModel, FindsEverythingByWords) {
    FindModel model;
    const test::ModelCheck check(&model);
    const Profile profile = sampleProfile();
    std::vector<FindEntry> entries = findEntries(profile);
    EXPECT_EQ(entries.size(), profile.layers.size() + profile.functions.size() + profile.memory.tensors.size());
    model.setEntries(entries);
    model.setWords(QStringLiteral("softmax"));
    ASSERT_GT(model.rowCount(), 1);
    model.setWords(QStringLiteral("arm softmax"));
    ASSERT_EQ(model.rowCount(), 1);
    EXPECT_EQ(model.entry(0)->title.toStdString(), "arm_softmax_s8");
    model.setWords(QStringLiteral("no such thing"));
    EXPECT_EQ(model.rowCount(), 0);
    EXPECT_EQ(model.entry(0), nullptr);
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
    const std::vector<int> slowest = slowestLayers(profile, 3);
    ASSERT_EQ(slowest.size(), 3U);
    EXPECT_EQ(slowest[0], 9);
    EXPECT_EQ(slowest[1], 0);
    EXPECT_TRUE(slowestLayers(Profile{}, 3).empty());
}

TEST(Diagnosis, RemarksSayWhatToBeCarefulWith) {
    Profile profile = sampleProfile();
    profile.memory.stack.highWaterBytes = profile.memory.stack.sizeBytes * 9 / 10;
    profile.halt.reason = HaltReason::Kind::Cancelled;
    const auto list = remarks(profile);
    ASSERT_GE(list.size(), 3U);
    EXPECT_NE(list[0].text.find("Partial profile"), std::string::npos);
    EXPECT_NE(list[1].text.find("stack is near its limit"), std::string::npos);
    profile.memory.stack.overflowsInto = "heap";
    EXPECT_EQ(remarks(profile)[0].kind, Remark::Kind::Error);
}

TEST(Diagnosis, SaysHowFarTheFiguresAreToBeTrusted) {
    Profile profile = sampleProfile();
    profile.board.assumptions = {"SRAM1: assumed zero wait states", "flash: 7 wait states"};
    std::string all;
    for (const auto& [name, text] : faithfulness(profile)) {
        all += name + ": " + text + "\n";
    }
    for (const char* part : {"Cortex-M7", "assumed for 1 memory\n", "±15 %", "1 register without a model",
                             "1 wait loop ended by a guess", "measurements of this board"}) {
        EXPECT_NE(all.find(part), std::string::npos) << part << " in\n" << all;
    }
    profile.totals.energyUj = 0;
    profile.board.name = "nobody measured this one";
    for (const auto& [name, text] : faithfulness(profile)) {
        EXPECT_NE(name, "On boards");
        EXPECT_TRUE(name != "Energy" || text.find("unknown") != std::string::npos) << text;
    }
}

TEST(EnergyCalculator, AddsUpByHand) {
    // 1 s and 1000 µJ an inference, 36 an hour: 10 µW for them, awake 1 %.
    const InferenceCost cost{.cycles = 1e6, .clockMhz = 1, .energyUj = 1000, .bandPercent = 10};
    DutyInputs in;
    in.inferencesPerHour = 36;
    in.sleepMicrowatts = 2;
    in.otherMicrowatts = 3;
    in.batteryMilliampHours = 100;
    in.batteryVolts = 3;
    in.selfDischargePercentPerYear = 0;
    in.harvesterMicrowatts = 15;
    const DutyAnswer out = calculateDuty(cost, in);
    EXPECT_NEAR(out.secondsPerInference, 1, 1e-9);
    EXPECT_NEAR(out.activePercent, 1, 1e-9);
    EXPECT_NEAR(out.averageMicrowatts, 10 + 0.99 * 2 + 3, 1e-9);
    EXPECT_NEAR(out.batteryDays, 300'000 / 14.98 / 24, 1e-6);
    EXPECT_LT(out.batteryDaysLow, out.batteryDays);
    EXPECT_GT(out.batteryDaysHigh, out.batteryDays);
    EXPECT_NEAR(out.affordablePerHour, (15 - 3 - 2) * 3600 / (1000 - 2.0), 1e-6);
    EXPECT_FALSE(out.tooMany);
}

TEST(EnergyCalculator, Limits) {
    const InferenceCost cost{.cycles = 1e6, .clockMhz = 1, .energyUj = 1000, .bandPercent = 10};
    DutyInputs in;
    in.inferencesPerHour = 4000; // one takes a second
    EXPECT_TRUE(calculateDuty(cost, in).tooMany);
    EXPECT_NEAR(calculateDuty(cost, in).activePercent, 100, 1e-9);
    in.harvesterMicrowatts = 1e9;
    EXPECT_NEAR(calculateDuty(cost, in).affordablePerHour, 3600, 1e-6);
    in.harvesterMicrowatts = 1;
    in.sleepMicrowatts = 2;
    EXPECT_EQ(calculateDuty(cost, in).affordablePerHour, 0);
    EXPECT_EQ(calculateDuty({}, in).batteryDays, 0);
}

TEST(EnergyCalculator, AHalvedClockTakesTwiceTheTime) {
    InferenceCost cost{.cycles = 1e6, .clockMhz = 10, .energyUj = 1000, .bandPercent = 0};
    DutyInputs in;
    in.clockMhz = 5;
    EXPECT_NEAR(calculateDuty(cost, in).secondsPerInference, 0.2, 1e-9);
    EXPECT_NEAR(calculateDuty(cost, in).energyPerInferenceUj, 1000, 1e-9); // nothing fixed
    cost.fixedMicrowatts = 1000;                                           // 100 µJ of the 1000 at 10 MHz
    EXPECT_NEAR(calculateDuty(cost, in).energyPerInferenceUj, 1100, 1e-9);
}

TEST(ShortName, DropsScopesAndArguments) {
    const std::pair<const char*, const char*> cases[] = {
        {"memcpy", "memcpy"},
        {"tflite::(anonymous namespace)::ConvEval(TfLiteContext*, TfLiteNode*)", "ConvEval"},
        {"tflite::MicroInterpreter::Invoke()", "Invoke"},
        {"a::run<b::C, int>(x::Y*)", "run<b::C, int>"},
        {"(anonymous namespace)::f()", "f"}};
    for (const auto& [name, expected] : cases) {
        EXPECT_EQ(shortName(QString::fromLatin1(name)).toStdString(), expected);
    }
}

} // namespace
} // namespace simprof::gui
