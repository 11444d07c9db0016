// SPDX-License-Identifier: GPL-2.0-or-later
// What tells of firmware besides its UART: text by SEGGER RTT, threads.
#include "profiler/profile_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace simprof {
namespace {

class RttSample : public testing::TestWithParam<const char*> {};

/// The text is longer than the buffer: without somebody who reads, the firmware waits for ever.
TEST_P(RttSample, IsReadWhileItRuns) {
    const auto path =
        std::filesystem::path(SIMPROF_BINARY_DIR) / "firmware" / (std::string("rtt-") + GetParam() + ".elf");
    if (!std::filesystem::exists(path)) {
        GTEST_SKIP() << path.filename().string() << " is not built (no Arm compiler)";
    }
    const Profile profile = profileRun(readFirmware(path, std::nullopt), {});
    EXPECT_EQ(profile.halt.reason, HaltReason::Kind::Exit) << profile.halt.what;
    EXPECT_EQ(profile.halt.exitCode, 0);
    EXPECT_THAT(profile.console,
                testing::HasSubstr("hello by RTT: this line is longer than the buffer it goes through\ndone by RTT\n"));
}

INSTANTIATE_TEST_SUITE_P(All, RttSample, testing::Values("nucleo-l4r5zi", "nucleo-g0b1re", "stm32f746g-disco"),
                         [](const auto& row) {
                             std::string name = row.param;
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

/// Our two-thread sample keeps the running thread in a pointer, where Zephyr keeps its own: named so, its threads are
/// followed.
TEST(Threads, AreFollowedThroughTheirSwitches) {
    const auto path = std::filesystem::path(SIMPROF_BINARY_DIR) / "firmware" / "threads-nucleo-l4r5zi.elf";
    if (!std::filesystem::exists(path)) {
        GTEST_SKIP() << path.filename().string() << " is not built (no Arm compiler)";
    }
    FirmwareImage image = readFirmware(path, std::nullopt);
    const auto current = std::ranges::find(image.symbols, "currentThread", &ImageSymbol::name);
    ASSERT_NE(current, image.symbols.end());
    ImageSymbol kernel = *current;
    kernel.name = "_kernel";
    kernel.address -= 8;
    image.symbols.push_back(kernel);
    const Profile profile = profileRun(image, {});
    ASSERT_EQ(profile.threads.size(), 2U);
    Cycles sum = 0;
    for (const ThreadInfo& thread : profile.threads) {
        EXPECT_THAT(thread.name, testing::HasSubstr("threads"));
        EXPECT_GE(thread.switches, 10U);
        sum += thread.cycles;
    }
    EXPECT_NE(profile.threads[0].name, profile.threads[1].name);
    EXPECT_GT(sum, profile.totals.cycles / 2);
    EXPECT_LE(sum, profile.totals.cycles);
}

} // namespace
} // namespace simprof
