// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/diff.h"
#include "profiler/report/diff_report.h"
#include "sim_core/error.h"
#include "tests/support/golden.h"
#include "tests/support/sample_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>

namespace simprof {
namespace {

using test::sampleProfile;
using testing::ElementsAre;
using testing::IsEmpty;

Profile slower(int layer, unsigned percent) { return sampleProfile({.slowLayer = layer, .slowPercent = percent}); }

TEST(Diff, EqualProfilesDoNotDiffer) {
    const ProfileDiff diff = diffProfiles(sampleProfile(), sampleProfile());
    EXPECT_TRUE(diff.isNone());
    EXPECT_THAT(diff.differences, IsEmpty());
    EXPECT_THAT(diff.functions, IsEmpty());
}

TEST(Diff, NamesTheLayerThatBecameSlowerAndWhatMoved) {
    const ProfileDiff diff = diffProfiles(sampleProfile(), slower(3, 1));
    EXPECT_FALSE(diff.isNone());
    for (const LayerChange& layer : diff.layers) {
        EXPECT_EQ(layer.cycles.isNone(), layer.now != 3u) << layer.title();
    }
    const LayerChange& layer = diff.layers[3];
    EXPECT_EQ(layer.title(), "layer 3 DEPTHWISE_CONV_2D depthwise_conv2d_1/Relu");
    EXPECT_NEAR(layer.cycles.percent(), 1.0, 0.001);
    EXPECT_THAT(layer.moved, testing::HasSubstr("in arm_depthwise_conv_s8_opt +5,768"));
    EXPECT_EQ(diff.cycles.difference(), layer.cycles.difference());
    ASSERT_EQ(diff.functions.size(), 1u);
    EXPECT_EQ(diff.functions[0].name, "arm_depthwise_conv_s8_opt");
}

TEST(Diff, LayersAreMatchedByNameThenByPosition) {
    Profile now = sampleProfile();
    now.layers.erase(now.layers.begin() + 1); // one layer less
    for (std::size_t i = 0; i < now.layers.size(); ++i) {
        now.layers[i].id = static_cast<std::int32_t>(i);
    }
    now.layers[11].name = "renamed"; // SOFTMAX, at 12 before
    const ProfileDiff diff = diffProfiles(sampleProfile(), now);
    EXPECT_EQ(diff.layers[1].base, 2u);
    EXPECT_EQ(diff.layers[11].base, std::nullopt);
    EXPECT_EQ(diff.layers[11].moved, "is new");
    ASSERT_EQ(diff.layers.size(), 14u);
    EXPECT_EQ(diff.layers[12].base, 1u);
    EXPECT_EQ(diff.layers[12].moved, "is gone");
    Profile renamed = sampleProfile();
    renamed.layers[4].name = "other";
    EXPECT_EQ(diffProfiles(sampleProfile(), renamed).layers[4].base, 4u) << "same operator at the same place";
}

TEST(Diff, SymbolsMakeNoDifference) {
    const Profile named = sampleProfile();
    Profile stripped = named;
    std::map<std::string, std::string> nameless;
    for (FunctionInfo& function : stripped.functions) {
        nameless[function.name] = fmt::format("sub_{:08x}", function.address);
        function.name = nameless[function.name];
    }
    for (LayerInfo& layer : stripped.layers) {
        layer.kernel = nameless.at(layer.kernel);
        layer.name = layer.kernel;
        layer.op.clear();
    }
    using Pair = std::pair<const Profile*, const Profile*>;
    for (const auto& [base, now] : {Pair(&named, &stripped), Pair(&stripped, &named)}) {
        const ProfileDiff diff = diffProfiles(*base, *now);
        EXPECT_TRUE(diff.isNone());
        EXPECT_THAT(diff.differences, IsEmpty());
    }
    stripped.functions[0].instructions += 1; // another function at that address
    EXPECT_FALSE(diffProfiles(named, stripped).isNone());
}

TEST(Diff, UnlikenessSaysWhatIsDifferent) {
    const auto of = [](auto edit) {
        Profile now = sampleProfile();
        edit(now);
        return unlikeness(sampleProfile(), now);
    };
    EXPECT_THAT(of([](Profile&) {}), IsEmpty());
    EXPECT_THAT(of([](Profile& p) { p.board.name = "nucleo-l4r5zi"; }),
                ElementsAre("board: stm32f746g-disco before, nucleo-l4r5zi now"));
    EXPECT_THAT(of([](Profile& p) { p.board.clockHz = 108'000'000; }),
                ElementsAre("core clock: 216 MHz before, 108 MHz now"));
    EXPECT_THAT(of([](Profile& p) { p.board.supply = ""; }), ElementsAre("supply: LDO 3.3 V before, none now"));
    EXPECT_THAT(of([](Profile& p) { p.layers.pop_back(); }), ElementsAre("network: 13 layers before, 12 now"));
    EXPECT_THAT(of([](Profile& p) { p.layers[0].shape[3] = 32; }),
                ElementsAre("network: layer 0 was CONV_2D 1x25x5x64, now it is CONV_2D 1x25x5x32"));
    EXPECT_THAT(of([](Profile& p) { p.inferences.pop_back(); }), ElementsAre("inferences: 2 before, 1 now"));
}

TEST(Diff, ReportsOfASlowerLayer) {
    Profile now = slower(3, 1);
    now.memory.stack.highWaterBytes += 64;
    const ProfileDiff diff = diffProfiles(sampleProfile(), now);
    test::expectGolden("diff.txt", writeDiff(diff, "base.simprof", "new.simprof", DiffFormat::Text, {}) + "\n" +
                                       writeDiff(diff, "base.simprof", "new.simprof", DiffFormat::Markdown, {}));
    const auto json = nlohmann::json::parse(writeDiff(diff, "a", "b", DiffFormat::Json, {}));
    EXPECT_EQ(json["same"], false);
    EXPECT_EQ(json["layers"][3]["change_cycles"], 5768);
    EXPECT_EQ(json["totals"]["cycles"]["change"], 5768);
}

TEST(Diff, TheReportOfNoChangeSaysSo) {
    const ProfileDiff diff = diffProfiles(sampleProfile(), sampleProfile());
    EXPECT_THAT(writeDiff(diff, "a", "b", DiffFormat::Text, {}), testing::HasSubstr("no difference"));
    EXPECT_EQ(nlohmann::json::parse(writeDiff(diff, "a", "b", DiffFormat::Json, {}))["same"], true);
    EXPECT_THROW(parseDiffFormat("html"), Error);
}

} // namespace
} // namespace simprof
