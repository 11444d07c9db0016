// SPDX-License-Identifier: GPL-2.0-or-later
// The memory of network samples, planned byte by byte from a run that kept the lives of their bytes.
#include "profiler/analysis/run_plan.h"
#include "profiler/plan_trial.h"
#include "profiler/profile_json.h"
#include "profiler/profile_run.h"
#include "sim_core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <ostream>

namespace simprof {
namespace {

const std::filesystem::path kFirmware = SIMPROF_BINARY_DIR "/firmware";

Profile profileWithLives(const std::string& name) {
    RunOptions options;
    options.lives = true;
    return profileRun(readFirmware(kFirmware / (name + ".elf"), std::nullopt), options);
}

struct Sample {
    const char* name;
    Bytes mostTensorBytes;
    Bytes mostOverlayBytes;
};
void PrintTo(const Sample& sample, std::ostream* out) { *out << sample.name; }

class PlannedSample : public testing::TestWithParam<Sample> {};

TEST_P(PlannedSample, OverlayPlanIsSmallerProvedAndStandsItsReplay) {
    const Sample& sample = GetParam();
    if (!std::filesystem::exists(kFirmware / (std::string(sample.name) + ".elf"))) {
        GTEST_SKIP() << sample.name << ".elf is not built (no Arm compiler)";
    }
    const Profile profile = profileWithLives(sample.name);
    const RunPlan plan = planRun(profile, {});
    EXPECT_LE(plan.tensorLevel.peak, sample.mostTensorBytes);
    EXPECT_TRUE(plan.tensorLevel.isOptimal());
    ASSERT_TRUE(plan.overlayLevel);
    EXPECT_LE(plan.overlayLevel->peak, sample.mostOverlayBytes);
    EXPECT_TRUE(plan.overlayLevel->isOptimal());

    const OverlayProblem problem = overlayProblem(profile, plan.tensors);
    const std::vector<Bytes>& offsets = plan.overlayLevel->offsets;
    EXPECT_FALSE(findOverwrite(problem, offsets));
    // One buffer moved by a byte into another one that is needed: the replay fails.
    std::size_t failures = 0;
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        std::vector<Bytes> wrong = offsets;
        ++wrong[i];
        failures += findOverwrite(problem, wrong) ? 1 : 0;
    }
    EXPECT_GT(failures, offsets.size() / 4);
}

INSTANTIATE_TEST_SUITE_P(All, PlannedSample,
                         testing::Values(Sample{"kws-nucleo-l4r5zi", 16'256, 9'536},
                                         Sample{"kws-nucleo-g0b1re", 16'000, 9'792},
                                         Sample{"ic-nucleo-l4r5zi", 49'728, 33'872},
                                         Sample{"vww-nucleo-g0b1re", 55'296, 36'880}));

TEST(PlannedSamples, TensorsAreSpreadOverMemoriesByTheirAccesses) {
    const std::string name = "vww-stm32f746g-disco"; // DTCM of 64 KiB, which the stack takes a part of, and SRAM
    if (!std::filesystem::exists(kFirmware / (name + ".elf"))) {
        GTEST_SKIP() << "no firmware samples are built";
    }
    const Profile profile = profileWithLives(name);
    RunPlanOptions options;
    options.level = PlanLevel::Tensor;
    options.memories = {{"dtcm", 16'384}, {"sram", 245'760}};
    const RunPlan plan = planRun(profile, options);
    ASSERT_TRUE(plan.spread);
    const std::uint64_t all = plan.spread->traffic[0] + plan.spread->traffic[1];
    std::uint64_t ofTensors = 0;
    for (const PlannedBuffer& buffer : plan.tensors.problem.buffers) {
        ofTensors += profile.memory.tensors[buffer.id].accesses;
    }
    EXPECT_EQ(all, ofTensors);
    EXPECT_GT(plan.spread->traffic[0] * 5, all * 4) << "a quarter of the arena holds most of what is accessed";
    EXPECT_LE(plan.spread->peaks[0], 16'384U);
    options.memories = {{"dtcm", 1024}, {"sram", 2048}};
    EXPECT_THROW(planRun(profile, options), Error);
}

TEST(PlannedSamples, LivesSurviveTheProfileAndAreKeptOnRequestOnly) {
    const std::string name = "kws-nucleo-l4r5zi";
    if (!std::filesystem::exists(kFirmware / (name + ".elf"))) {
        GTEST_SKIP() << "no firmware samples are built";
    }
    Profile profile = profileWithLives(name);
    EXPECT_EQ(fromJson(toJson(profile)), profile);
    for (TensorLife& tensor : profile.memory.tensors) {
        tensor.lives.clear();
        tensor.accesses = 0;
    }
    EXPECT_EQ(profileRun(readFirmware(kFirmware / (name + ".elf"), std::nullopt), {}), profile);
}

TEST(PlannedSamples, RunWithThePlanInTheirFlatbuffer) {
    int others = 0;
    for (const std::string name : {"kws-nucleo-l4r5zi", "kws-nucleo-g0b1re", "ic-nucleo-l4r5zi"}) {
        const std::filesystem::path path = kFirmware / (name + ".elf");
        if (!std::filesystem::exists(path)) {
            GTEST_SKIP() << "no firmware samples are built";
        }
        SCOPED_TRACE(name);
        const Profile profile = profileWithLives(name);
        const RunPlan plan = planRun(profile, {PlanLevel::Overlay, {}, {}});
        const FirmwareImage firmware = readFirmware(path, std::nullopt);
        const PlanTrial trial = tryPlan(firmware, {}, profile, plan);
        EXPECT_TRUE(trial.isApplied);
        EXPECT_TRUE(trial.sameOutput);
        EXPECT_LE(trial.peak, plan.tensorLevel.peak);

        // With all tensors in one place the replay fails, and so do runs whose last layers do not saturate.
        RunPlan wrong = plan;
        wrong.overlayLevel->offsets.assign(wrong.overlayLevel->offsets.size(), 0);
        EXPECT_TRUE(findOverwrite(overlayProblem(profile, plan.tensors), wrong.overlayLevel->offsets));
        others += tryPlan(firmware, {}, profile, wrong).sameOutput ? 0 : 1;
    }
    EXPECT_GE(others, 1);
}

TEST(PlannedSamples, APlanForAnotherBuildIsRefused) {
    if (!std::filesystem::exists(kFirmware / "kws-nucleo-g0b1re.elf")) {
        GTEST_SKIP() << "no firmware samples are built";
    }
    const Profile profile = profileWithLives("kws-nucleo-g0b1re");
    const FirmwareImage other = readFirmware(kFirmware / "kws-nucleo-l4r5zi.elf", std::nullopt);
    try {
        tryPlan(other, {}, profile, planRun(profile, {PlanLevel::Tensor, {}, {}}));
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("the plan is for another build"));
    }
}

} // namespace
} // namespace simprof
