// SPDX-License-Identifier: GPL-2.0-or-later
// A board that only a file describes runs a sample to the same bytes as the built-in one.
#include "peripherals/boards/board_file.h"
#include "profiler/profile_json.h"
#include "profiler/profile_run.h"
#include "tests/firmware/sample_run.h"
#include "tests/support/run_program.h"

#include <gmock/gmock.h>

namespace simprof::test {
namespace {

std::string profileOn(const std::string& sample, const std::string& board) {
    RunOptions options;
    options.boardName = board;
    return toJson(profileRun(readFirmware(samplePath(sample), std::nullopt), options));
}

class UserBoard : public testing::TestWithParam<std::string> {};

TEST_P(UserBoard, IsTheBuiltInOneToTheByte) {
    const TestFolder folder;
    const BoardDesc& board = *findBoard(GetParam());
    const std::string sample = "hello-" + GetParam();
    const std::string builtIn = profileOn(sample, GetParam());
    EXPECT_THAT(builtIn, testing::HasSubstr("exit"));
    EXPECT_EQ(profileOn(sample, folder.write("full.toml", writeBoard(board, DataFormat::Toml, true))), builtIn);
    EXPECT_EQ(profileOn(sample, folder.write("full.json", writeBoard(board, DataFormat::Json, true))), builtIn);
    EXPECT_EQ(profileOn(sample, folder.write("short.toml", writeBoard(board, DataFormat::Toml, false))), builtIn);
}

INSTANTIATE_TEST_SUITE_P(Boards, UserBoard,
                         testing::Values("nucleo-l4r5zi", "stm32f746g-disco", "raspberry-pi-pico", "sparkfun-edge"),
                         [](const auto& parameter) {
                             std::string name = parameter.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

/// Another crystal is another board: the same firmware comes out at another clock.
TEST(UserBoard, ChangesWhatItSays) {
    const TestFolder folder;
    BoardDesc board = *findBoard("stm32f746g-disco");
    board.oscillators["HSE"] = 12'500'000;
    const std::string file = folder.write("slow.toml", writeBoard(board, DataFormat::Toml, true));
    RunOptions options;
    options.boardName = file;
    const Profile profile = profileRun(readFirmware(samplePath("hello-stm32f746g-disco"), std::nullopt), options);
    EXPECT_EQ(profile.board.clockHz, 108'000'000U);
}

} // namespace
} // namespace simprof::test
