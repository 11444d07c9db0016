// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/axis_map.h"
#include "gui/models/code_model.h"
#include "gui/models/find_model.h"
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

} // namespace
} // namespace simprof::gui
