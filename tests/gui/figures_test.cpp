// SPDX-License-Identifier: GPL-2.0-or-later
// Which figures are shown: means or sums, of which inference, and what the profile left out.
#include "gui/models/counting.h"
#include "gui/models/layer_links.h"
#include "gui/models/left_out.h"
#include "gui/models/runs.h"
#include "gui/models/timeline_model.h"
#include "tests/gui/support.h"

#include <gmock/gmock.h>

namespace simprof::gui {
namespace {

using testing::ElementsAre;

/// Two layers in three inferences of different length; the run ends within the third when `cut`.
Profile threeInferences(bool cut = false) {
    Profile profile;
    profile.halt = {HaltReason::Kind::Exit, "", 0, 0, std::nullopt};
    profile.layers.resize(2);
    for (int i = 0; i < 2; ++i) {
        LayerInfo& layer = profile.layers[static_cast<std::size_t>(i)];
        layer.id = i;
        layer.op = i == 0 ? "CONV_2D" : "SOFTMAX";
    }
    const Cycles cycles[3][2] = {{100, 10}, {300, 30}, {200, 20}};
    Cycles now = 1'000;
    for (std::uint32_t i = 0; i < 3; ++i) {
        Inference inference{i, now, cycles[i][0] + cycles[i][1], 0, {}};
        for (int k = 0; k < 2; ++k) {
            inference.spans.push_back({k, now, cycles[i][k]});
            now += cycles[i][k];
            profile.layers[static_cast<std::size_t>(k)].cycles += cycles[i][k];
        }
        profile.inferences.push_back(inference);
        now += cut && i == 2 ? 0 : 500;
    }
    profile.layers[0].energyUj = 6;
    profile.layers[0].instructions = 1200;
    profile.totals.cycles = now;
    profile.owners = {{"[start-up]", now - 660, 0, 0, 0, {}}};
    return profile;
}

std::vector<Cycles> cyclesOf(const Profile& profile, const Counting& counting) {
    std::vector<Cycles> cycles;
    for (const LayerInfo& layer : countedLayers(profile, counting)) {
        cycles.push_back(layer.cycles);
    }
    return cycles;
}

TEST(Counting, MeanSumLeastGreatestAndOne) {
    const Profile profile = threeInferences();
    EXPECT_THAT(cyclesOf(profile, {Figure::Mean, -1}), ElementsAre(200, 20));
    EXPECT_THAT(cyclesOf(profile, {Figure::Sum, -1}), ElementsAre(600, 60));
    EXPECT_THAT(cyclesOf(profile, {Figure::Least, -1}), ElementsAre(100, 10));
    EXPECT_THAT(cyclesOf(profile, {Figure::Greatest, -1}), ElementsAre(300, 30));
    EXPECT_THAT(cyclesOf(profile, {Figure::Mean, 1}), ElementsAre(300, 30));
    EXPECT_THAT(cyclesOf(profile, {Figure::Sum, 2}), ElementsAre(200, 20));
    EXPECT_THAT(cyclesOf(profile, {Figure::Mean, 9}), ElementsAre(200, 20)) << "there is no such inference";
    EXPECT_DOUBLE_EQ(countedLayers(profile, {Figure::Mean, -1})[0].energyUj, 2);
    EXPECT_EQ(countedLayers(profile, {Figure::Mean, -1})[0].instructions, 400U);
    EXPECT_DOUBLE_EQ(countedLayers(profile, {Figure::Mean, 1})[0].energyUj, 3);
    EXPECT_EQ(countedLayers(profile, {Figure::Mean, 1})[0].instructions, 0U) << "not known of one inference";
}

TEST(Counting, AnInferenceThatWasCutIsInTheSumsOnly) {
    const Profile profile = threeInferences(true);
    EXPECT_THAT(cyclesOf(profile, {Figure::Mean, -1}), ElementsAre(200, 20)) << "of the two whole ones";
    EXPECT_THAT(cyclesOf(profile, {Figure::Sum, -1}), ElementsAre(600, 60));
    EXPECT_EQ(countingText(profile, {Figure::Mean, -1}).toStdString(), "mean of 2 inferences");
    EXPECT_EQ(countingText(profile, {Figure::Sum, -1}).toStdString(), "sum over 3 inferences");
}

TEST(Counting, InferencesThatWereNotKeptAreInTheSumsOnly) {
    Profile profile = threeInferences();
    for (LayerInfo& layer : profile.layers) {
        layer.cycles *= 2; // three more like them
    }
    profile.leftOut = {{kInferencesLeftOut, 3}};
    EXPECT_THAT(cyclesOf(profile, {Figure::Mean, -1}), ElementsAre(200, 20));
    EXPECT_THAT(cyclesOf(profile, {Figure::Greatest, -1}), ElementsAre(300, 30));
    EXPECT_THAT(cyclesOf(profile, {Figure::Sum, -1}), ElementsAre(1'200, 120));
    EXPECT_EQ(countingText(profile, {Figure::Mean, -1}).toStdString(), "mean of 3 inferences");
    EXPECT_EQ(countingText(profile, {Figure::Sum, -1}).toStdString(), "sum over 6 inferences");
}

TEST(Counting, WithoutInferencesThereAreSums) {
    Profile profile = threeInferences();
    profile.inferences.clear();
    EXPECT_THAT(cyclesOf(profile, {Figure::Mean, 1}), ElementsAre(600, 60));
    EXPECT_EQ(countingText(profile, {}).toStdString(), "sum over the run");
}

/// The second column of the rows below the layers, and their cycles.
std::vector<std::string> footerOf(const Table& table) {
    std::vector<std::string> rows;
    for (const auto& row : table.footer) {
        rows.push_back(row[1].text + " " + row[4].text);
    }
    return rows;
}

TEST(Counting, NoTableHasSumsBesideMeans) {
    const Profile profile = threeInferences();
    EXPECT_THAT(footerOf(countedLayerTable(profile, {Figure::Mean, -1})), ElementsAre("mean of 3 inferences 220"));
    EXPECT_THAT(footerOf(countedLayerTable(profile, {Figure::Sum, -1})),
                ElementsAre("[start-up] 2,500", "total 3,160"));
    EXPECT_THAT(footerOf(countedLayerTable(profile, {Figure::Least, -1})), ElementsAre("least of 3 inferences 110"));
    EXPECT_THAT(footerOf(countedLayerTable(profile, {Figure::Greatest, -1})),
                ElementsAre("greatest of 3 inferences 330"));
    EXPECT_THAT(footerOf(countedLayerTable(profile, {Figure::Mean, 2})), ElementsAre("inference 2 220"));
    const Table mean = countedLayerTable(profile, {Figure::Mean, -1});
    EXPECT_EQ(mean.rows[0][4].text, "200");
    EXPECT_EQ(mean.rows[0][5].text, "90.9") << "of an inference";
}

TEST(LayerLinks, AKernelIsFoundByItsIndexNotByItsName) {
    Profile profile;
    profile.layers.resize(2);
    profile.layers[0].kernel = profile.layers[1].kernel = "Eval";
    for (const char* name : {"tflite::add::Eval(TfLiteContext*, TfLiteNode*)", "main",
                             "tflite::conv::Eval(TfLiteContext*, TfLiteNode*)"}) {
        FunctionInfo function;
        function.name = name;
        profile.functions.push_back(function);
    }
    profile.callTree = {{-1, 1, 1, 500, 1'000, -1}, {0, 2, 1, 400, 450, 0}, {1, 1, 9, 50, 50, 0}, {0, 0, 1, 50, 50, 1}};
    EXPECT_THAT(kernelsOf(profile), ElementsAre(2, 0));
    profile.callTree.clear();
    EXPECT_THAT(kernelsOf(profile), ElementsAre(-1, -1));
}

DocumentPtr runOf(const char* firmware, Cycles cycles, HaltReason::Kind end = HaltReason::Kind::Exit) {
    Profile profile;
    profile.firmware.name = firmware;
    profile.totals.cycles = cycles;
    profile.halt = {end, "", 0, 0, std::nullopt};
    return std::make_shared<const Document>(profile);
}

TEST(Runs, AreComparedWithTheLastOneOfTheSameFirmware) {
    Runs runs;
    for (const DocumentPtr& run : {runOf("a.elf", 1'000), runOf("b.elf", 9'000),
                                   runOf("a.elf", 300, HaltReason::Kind::Cancelled), runOf("a.elf", 1'100)}) {
        runs.add(run);
    }
    EXPECT_EQ(runs.titleOf(1).toStdString(), "1  a.elf, 1,000 cycles");
    EXPECT_EQ(runs.titleOf(2).toStdString(), "2  b.elf, 9,000 cycles") << "another firmware is no change";
    EXPECT_EQ(runs.titleOf(3).toStdString(), "3  a.elf, 300 cycles, partial");
    EXPECT_EQ(runs.titleOf(4).toStdString(), "4  a.elf, 1,100 cycles, +10.00 %") << "since the last whole one";
    const auto& all = runs.all();
    EXPECT_EQ(runs.before(all[3].document), all[2].document);
    EXPECT_EQ(runs.before(all[2].document), all[0].document);
    EXPECT_EQ(runs.before(all[1].document), all[0].document) << "there is none of its own";
    EXPECT_EQ(runs.before(all[0].document), nullptr);
    EXPECT_EQ(runs.before(runOf("c.elf", 1)), all[3].document);
}

/// main (0) calls work (1) three times and tick (2) a hundred times; one call of work and none of tick was kept.
Profile withShortCalls() {
    Profile profile;
    profile.functions.resize(4);
    for (std::size_t i = 0; i < 4; ++i) {
        profile.functions[i].name = std::string("f") + std::to_string(i);
    }
    profile.totals.cycles = 10'000;
    profile.callTree = {{-1, 0, 1, 100, 10'000, -1}, {0, 1, 3, 3'000, 3'000, -1}, {0, 2, 100, 1'000, 1'000, -1}};
    profile.callSpans = {{0, 0, 0, 10'000}, {1, 1, 4'000, 2'000}};
    return profile;
}

TEST(LeftOut, CallsWithoutASpanAreCountedAndPlaced) {
    const LeftOut leftOut(withShortCalls());
    EXPECT_EQ(leftOut.calls(), 102U);
    EXPECT_EQ(leftOut.below(0).calls, 102U);
    EXPECT_EQ(leftOut.below(0).cycles, 2'000U);
    EXPECT_EQ(leftOut.below(1).calls, 0U);
    ASSERT_EQ(leftOut.gaps().size(), 2U);
    EXPECT_TRUE(leftOut.gaps()[0].empty());
    ASSERT_EQ(leftOut.gaps()[1].size(), 2U);
    EXPECT_EQ(leftOut.gaps()[1][0].start, 0U);
    EXPECT_EQ(leftOut.gaps()[1][0].cycles, 4'000U);
    EXPECT_EQ(leftOut.gaps()[1][1].start, 6'000U);
    EXPECT_EQ(leftOut.gaps()[1][1].cycles, 4'000U);
    EXPECT_EQ(leftOut.gaps()[1][1].key, 0);
    EXPECT_THAT(leftOut.sentences(),
                ElementsAre(QStringLiteral("102 calls were too short to be kept: hatched where they may lie")));
}

TEST(LeftOut, NothingIsHatchedWhereEverythingIsThere) {
    Profile profile = withShortCalls();
    profile.callTree = {{-1, 0, 1, 8'000, 10'000, -1}, {0, 1, 1, 2'000, 2'000, -1}};
    const LeftOut leftOut(profile);
    EXPECT_EQ(leftOut.calls(), 0U);
    EXPECT_TRUE(leftOut.gaps().empty());
    EXPECT_TRUE(leftOut.sentences().isEmpty());
}

TEST(LeftOut, InterruptsAndPrintsThatWereCappedAreSaid) {
    Profile profile;
    profile.exceptions = {{15, "SysTick", 100'003, 0}};
    profile.exceptionSpans.resize(100'000);
    profile.prints.resize(100'000);
    EXPECT_THAT(LeftOut(profile).sentences(),
                ElementsAre(QStringLiteral("3 interrupts are not drawn"),
                            QStringLiteral("what was printed after the 100,000th line is drawn as one")));
}

TEST(LeftOut, WhatTheProfileCouldNotKeepIsSaid) {
    Profile profile = withShortCalls();
    profile.leftOut = {{kInferencesLeftOut, 5}, {"sleeps in the timeline", 1'200}};
    EXPECT_THAT(LeftOut(profile).notKept(),
                ElementsAre(QStringLiteral("5 inferences"), QStringLiteral("1,200 sleeps in the timeline")));
    EXPECT_EQ(LeftOut(profile).sentences().back().toStdString(),
              "not kept in the profile: 5 inferences, 1,200 sleeps in the timeline");
}

TEST(LeftOut, LanesHoldTheGapsOfTheirDepth) {
    const Profile profile = withShortCalls();
    const std::vector<Lane> lanes = makeLanes(profile, LeftOut(profile));
    ASSERT_EQ(lanes.size(), 2U);
    EXPECT_TRUE(lanes[0].leftOut.spans().empty());
    EXPECT_EQ(lanes[1].leftOut.spans().size(), 2U);
    EXPECT_EQ(lanes[1].spans.spans().size(), 1U);
}

} // namespace
} // namespace simprof::gui
