// SPDX-License-Identifier: GPL-2.0-or-later
// Where firmware's text comes out besides its UART: SEGGER RTT.
#include "profiler/profile_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace simprof {
namespace {

class RttSample : public testing::TestWithParam<const char*> {};

/// The text is longer than the buffer: without somebody who reads, the firmware waits for ever.
TEST_P(RttSample, IsReadWhileItRuns) {
    const auto path = std::filesystem::path(SIMPROF_BINARY_DIR) / "firmware" / (std::string("rtt-") + GetParam() + ".elf");
    if (!std::filesystem::exists(path)) {
        GTEST_SKIP() << path.filename().string() << " is not built (no Arm compiler)";
    }
    const Profile profile = profileRun(readFirmware(path, std::nullopt), {});
    EXPECT_EQ(profile.halt.reason, "exit") << profile.halt.what;
    EXPECT_EQ(profile.halt.exitCode, 0);
    EXPECT_THAT(profile.console, testing::HasSubstr("hello by RTT: this line is longer than the buffer it goes through\ndone by RTT\n"));
}

INSTANTIATE_TEST_SUITE_P(All, RttSample, testing::Values("nucleo-l4r5zi", "nucleo-g0b1re", "stm32f746g-disco"), [](const auto& row) {
    std::string name = row.param;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

} // namespace
} // namespace simprof
