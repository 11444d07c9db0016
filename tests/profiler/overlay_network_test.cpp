// SPDX-License-Identifier: GPL-2.0-or-later
/// The plans of a whole network, with kernels of known loops.
#include "profiler/analysis/operator_order.h"
#include "profiler/analysis/run_plan.h"
#include "sim_core/error.h"
#include "tests/profiler/measured_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simprof {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

/// The peak of an edit by the beginning of its name, at overlay level.
const EditPlan& editNamed(const RunPlan& plan, const std::string& name) {
    const auto found = std::ranges::find(plan.edits, name, &EditPlan::what);
    EXPECT_NE(found, plan.edits.end()) << name;
    return *found;
}

const std::string kFolded = "PAD folded into the operator behind it";
const std::string kPerRow = "1x1 CONV_2D called once an image row";
const RunPlanOptions kOverlay{PlanLevel::Overlay, {}, {}};

TEST(OverlayNetwork, ReferenceKernelsWriteOverWhatTheyHaveRead) {
    const RunPlan plan = planRun(test::mobileNetV2(test::Pointwise::PixelByPixel), {});
    EXPECT_EQ(plan.tensorLevel.peak, 76'800U + 80'688U);
    EXPECT_TRUE(plan.tensorLevel.isOptimal());
    ASSERT_TRUE(plan.overlayLevel);
    EXPECT_EQ(plan.overlayLevel->peak, 80'688U) << "PAD's output is as large";
    EXPECT_TRUE(plan.overlayLevel->isOptimal());
    EXPECT_THAT(plan.blockedBy, SizeIs(0));
    const EditPlan& folded = editNamed(plan, kFolded);
    EXPECT_THAT(folded.layers, SizeIs(4));
    EXPECT_EQ(folded.tensorLevel.peak, 96'000U);
    EXPECT_TRUE(folded.tensorLevel.isOptimal());
    EXPECT_LE(folded.overlayLevel->peak, 76'816U);
    EXPECT_TRUE(folded.overlayLevel->isOptimal());
}

TEST(OverlayNetwork, ChannelPairsReadTheirWholeInputAgain) {
    const RunPlan plan = planRun(test::mobileNetV2(test::Pointwise::ChannelPairs), {});
    EXPECT_EQ(plan.tensorLevel.peak, 76'800U + 80'688U);
    ASSERT_TRUE(plan.overlayLevel);
    EXPECT_EQ(plan.overlayLevel->peak, 89'600U) << "input and output of the largest 1x1 convolution";
    EXPECT_TRUE(plan.overlayLevel->isOptimal());
    ASSERT_THAT(plan.blockedBy, SizeIs(1));
    EXPECT_EQ(plan.blockedBy[0].layer, 3) << "the first expansion";
    EXPECT_EQ(plan.blockedBy[0].heldBytes, 12'800U) << "all of its input";
    EXPECT_EQ(plan.blockedBy[0].frees, 89'600U - 80'688U);
    EXPECT_EQ(editNamed(plan, kFolded).overlayLevel->peak, 89'600U);
    EXPECT_TRUE(editNamed(plan, kFolded).overlayLevel->isOptimal());
    EXPECT_EQ(editNamed(plan, kPerRow).overlayLevel->peak, 80'688U);
    EXPECT_LE(editNamed(plan, kFolded + ", " + kPerRow).overlayLevel->peak, 77'120U);
}

TEST(OverlayNetwork, TwoBranchesOneAfterTheOtherNeedLess) {
    test::MeasuredNetwork run(test::Pointwise::PixelByPixel);
    const auto x = run.input(8, 8, 4);
    const auto a = run.conv(x, 1, 1, 64);
    const auto b = run.conv(x, 1, 1, 64);
    const auto lessOfA = run.conv(a, 1, 1, 4);
    const auto lessOfB = run.conv(b, 1, 1, 4);
    const Profile profile = run.profile(run.add(lessOfA, lessOfB));
    const RunPlan plan = planRun(profile, {});
    EXPECT_EQ(plan.tensorLevel.peak, 4096U + 4096U + 256U) << "a, b and x, or what becomes of a";
    const EditPlan& order = editNamed(plan, "operators in another order");
    EXPECT_THAT(order.layers, testing::ElementsAre(1, 3, 0, 2, 4)) << "either branch may be the first";
    EXPECT_EQ(order.tensorLevel.peak, 256U + 4096U + 256U);
    EXPECT_FALSE(order.overlayLevel);
    const Profile chain = test::mobileNetV2(test::Pointwise::PixelByPixel);
    EXPECT_FALSE(betterOrder(chain, tensorProblem(chain).problem)) << "what has one order has no better one";
}

TEST(OverlayNetwork, AProfileWithoutLivesIsPlannedByTensors) {
    test::MeasuredNetwork run(test::Pointwise::PixelByPixel);
    Profile profile = run.profile(run.conv(run.input(4, 4, 16), 1, 1, 16));
    EXPECT_EQ(planRun(profile, {}).overlayLevel->peak, 272U) << "a pixel is read until its last channel is written";
    for (TensorLife& tensor : profile.memory.tensors) {
        tensor.lives.clear();
    }
    const RunPlan plan = planRun(profile, {});
    EXPECT_EQ(plan.tensorLevel.peak, 512U);
    EXPECT_FALSE(plan.overlayLevel);
    try {
        planRun(profile, kOverlay);
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("run the firmware with --lives"));
    }
}

TEST(OverlayNetwork, LivesThatTheRunContradictsAreRefused) {
    test::MeasuredNetwork run(test::Pointwise::PixelByPixel);
    Profile profile = run.profile(run.conv(run.input(4, 4, 16), 1, 1, 16));
    profile.memory.tensors[1].address = profile.memory.tensors[0].address + 16;
    try {
        planRun(profile, kOverlay);
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("tensor 1 lies over bytes of tensor 0 that are read later"));
    }
}

} // namespace
} // namespace simprof
