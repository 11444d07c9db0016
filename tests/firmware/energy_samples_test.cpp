// SPDX-License-Identifier: GPL-2.0-or-later
// Energy of whole programs, against calculations by hand.
#include "profiler/analysis/network_slice.h"
#include "profiler/energy/answer.h"
#include "profiler/energy/energy.h"
#include "profiler/energy_sweep.h"
#include "profiler/profile_run.h"
#include "profiler/report/energy_tables.h"
#include "profiler/runtimes/runtimes.h"
#include "sim_core/error.h"

#include <gmock/gmock.h>

#include <filesystem>

namespace simprof {
namespace {

using testing::HasSubstr;

std::filesystem::path firmware(const std::string& name) {
    return std::filesystem::path(SIMPROF_BINARY_DIR) / "firmware" / (name + ".elf");
}

/// DS10152 rev 9, tables 28, 32 and 35, at 3 V: running and asleep in range 1 at 16 MHz, stopped.
constexpr double kVolts = 3, kRun = 3100, kSleep = 730, kStop = 0.41, kStopMost = 0.8;

TEST(EnergySamples, ASampleThatSleepsTakesItsDutyCycle) {
    if (!std::filesystem::exists(firmware("devices-nucleo-l053r8"))) {
        GTEST_SKIP() << "the firmware samples were not built";
    }
    const Profile profile = profileRun(readFirmware(firmware("devices-nucleo-l053r8"), std::nullopt), {});
    double asleepUs = 0;
    for (const Owner& owner : profile.owners) {
        asleepUs += owner.name == kSleepOwner ? owner.timeUs : 0;
    }
    const double asleep = asleepUs / profile.totals.timeUs;
    EXPECT_GT(asleep, 0.9) << "the sample is one that sleeps";
    const double byHand = asleep * kSleep + (1 - asleep) * kRun;
    EXPECT_NEAR(answerEnergy(profile, {}).runMicroamp.value / byHand, 1, 0.01);
    EXPECT_FALSE(isAtLeast(profile));
}

TEST(EnergySamples, TheSineNetworkOnAHarvesterByHand) {
    if (!std::filesystem::exists(firmware("sine-nucleo-l053r8"))) {
        GTEST_SKIP() << "the firmware samples were not built";
    }
    const Profile profile = profileRun(readFirmware(firmware("sine-nucleo-l053r8"), std::nullopt), {});
    const double seconds = inferenceMean(profile).cycles / 16e6;
    const double energy = kVolts * kRun * seconds; // µJ
    for (const double harvest : {33.0, 66.0}) {    // µW of the cell in the dark and in light
        EnergyQuestion question;
        question.harvest = Harvest{harvest};
        const EnergyAnswer answer = answerEnergy(profile, question);
        EXPECT_NEAR(answer.inferenceUj.value / energy, 1, 0.001);
        EXPECT_NEAR(answer.inferenceUj.low / energy, 0.8, 0.001);
        EXPECT_NEAR(answer.inferenceUj.high.value() / energy, 1.2, 0.001);
        const double waiting = kVolts * kStop, most = kVolts * kStopMost;
        const double perHour = (harvest - waiting) * 3600 / (energy - waiting * seconds);
        const double worst = (harvest - most) * 3600 / (1.2 * energy - most * seconds);
        const double best = (harvest - 0.8 * waiting) * 3600 / (0.8 * energy - 0.8 * waiting * seconds);
        EXPECT_NEAR(answer.affordablePerHour->value / perHour, 1, 0.001);
        EXPECT_NEAR(answer.affordablePerHour->low / worst, 1, 0.001);
        EXPECT_NEAR(answer.affordablePerHour->high.value() / best, 1, 0.001);
        EXPECT_THAT(answer.sentences.front(), HasSubstr("it cannot run without pause"));
    }
}

/// 1.8 mA at 16 MHz were measured on a board of that class; its front page says 93 µA/MHz.
TEST(EnergySamples, ABoardThatDrawsOneAndEightTenthsCannotRunContinuously) {
    if (!std::filesystem::exists(firmware("sine-nucleo-l053r8"))) {
        GTEST_SKIP() << "the firmware samples were not built";
    }
    RunOptions options;
    parseCalibration("1.8mA@16MHz", options.calibration);
    const Profile profile = profileRun(readFirmware(firmware("sine-nucleo-l053r8"), std::nullopt), options);
    EnergyQuestion question;
    question.harvest = Harvest{66};
    const EnergyAnswer answer = answerEnergy(profile, question);
    EXPECT_NEAR(answer.inferenceUj.value, kVolts * 1800 * inferenceMean(profile).cycles / 16e6, 1e-3);
    EXPECT_EQ(answer.sentences.front(), "it cannot run without pause: running takes 1.80 mA at 3 V, 5.40 mW, which is "
                                        "81.8 times the 66.0 µW that are harvested");
    EXPECT_THAT(profile.board.supplyFigures->source, HasSubstr("42 % less than the documented 3.1 mA"));
}

TEST(EnergySamples, LayersAddUpToAnInferenceAlsoWhereSomeRunSeldom) {
    if (!std::filesystem::exists(firmware("gate-nucleo-l4r5zi"))) {
        GTEST_SKIP() << "the firmware samples were not built";
    }
    const Profile profile = profileRun(readFirmware(firmware("gate-nucleo-l4r5zi"), std::nullopt), {});
    double sum = 0;
    for (const auto& row : layerEnergyTable(profile).rows) {
        sum += std::get<double>(row[3].value);
    }
    EXPECT_NEAR(sum / inferenceMean(profile, 0).energyUj, 1, 1e-6);
}

TEST(EnergySamples, AnInferenceIsOfOneNetwork) {
    if (!std::filesystem::exists(firmware("cascade-nucleo-l4r5zi"))) {
        GTEST_SKIP() << "the firmware samples were not built";
    }
    const Profile both = profileRun(readFirmware(firmware("cascade-nucleo-l4r5zi"), std::nullopt), {});
    EXPECT_THROW(expectOneNetwork(both, "an inference"), Error);
    const Profile weather = ofNetwork(both, 0), kws = ofNetwork(both, 1);
    expectOneNetwork(kws, "an inference");
    EXPECT_GT(answerEnergy(kws, {}).inferenceUj.value, 100 * answerEnergy(weather, {}).inferenceUj.value);
}

class Sweep : public testing::TestWithParam<const char*> {};

TEST_P(Sweep, ShowsTheStepsOfWaitStatesAndRanges) {
    const std::string sample = std::string("sine-") + GetParam();
    if (!std::filesystem::exists(firmware(sample))) {
        GTEST_SKIP() << "the firmware samples were not built";
    }
    const FirmwareImage image = readFirmware(firmware(sample), std::nullopt);
    const RunOptions options;
    FirmwareRun run(image, options, runtimes());
    EnergyQuestion question;
    question.periodSeconds = 1;
    const EnergySweep sweep = sweepEnergy(run, options, question);
    std::map<unsigned, double> cycles; // by wait states
    std::map<std::string, std::size_t> ranges;
    for (const SweepPoint& point : sweep.points) {
        cycles[point.waitStates] = point.cycles;
        ++ranges[point.setting];
        EXPECT_TRUE(point.energyUj && point.averageUw) << point.setting;
    }
    EXPECT_EQ(ranges.size(), 3U);
    EXPECT_GT(cycles.rbegin()->second, cycles.begin()->second) << "wait states cost cycles";
    ASSERT_TRUE(sweep.leastEnergy && sweep.leastTime && sweep.leastPeak && sweep.leastAverage);
    EXPECT_EQ(sweep.points[*sweep.leastTime].clockHz, run.board().mcu->maxClock);
    const SweepPoint& best = sweep.points[*sweep.leastEnergy];
    for (const SweepPoint& point : sweep.points) {
        EXPECT_GE(point.energyUj->value, best.energyUj->value);
    }
    // A program that runs with these wait states in that range by itself.
    const Profile slow = profileRun(readFirmware(firmware(sample + "-slow"), std::nullopt), options);
    EXPECT_NEAR(inferenceMean(slow).cycles / best.cycles, 1, 0.02);
    EXPECT_NEAR(inferenceMean(slow).energyUj / best.energyUj->value, 1, 0.02);
}

INSTANTIATE_TEST_SUITE_P(Boards, Sweep, testing::Values("nucleo-l053r8", "nucleo-l4r5zi"),
                         [](const auto& board) { return std::string(board.param).substr(7); });

} // namespace
} // namespace simprof
