// SPDX-License-Identifier: GPL-2.0-or-later
// Advice kept to its word: one of the best three edits that are advised was made in another program of the same code,
// and saves what was promised.
#include "profiler/advice/advice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace simprof {
namespace {

struct Advised {
    const char* board;
    const char* edit;  ///< its --what-if
    std::size_t place; ///< among the advice
    const char* plain; ///< the program that is advised
    const char* made;  ///< the one in which the edit was made
};
const Advised kAdvised[] = {
    {"nucleo-l4r5zi", "weights=sram", 0, "own", "ram"},
    {"stm32f746g-disco", "weights=sram", 1, "wide", "wideram"}, // a kernel in ITCM gains 0.03 % more
    {"raspberry-pi-pico", "weights=sram", 0, "own", "ram"},
};

std::filesystem::path firmware(const std::string& board, const std::string& setting) {
    return std::filesystem::path(SIMPROF_BINARY_DIR) / "firmware" / ("kws-" + board + "-" + setting + ".elf");
}

class AdviceKept : public testing::TestWithParam<Advised> {};

TEST_P(AdviceKept, AnEditSavesWhatWasPromised) {
    const Advised& advised = GetParam();
    if (!std::filesystem::exists(firmware(advised.board, advised.made))) {
        GTEST_SKIP() << "the firmware samples were not built";
    }
    const FirmwareImage image = readFirmware(firmware(advised.board, advised.plain), std::nullopt);
    const RunOptions options;
    FirmwareRun run(image, options, runtimes());
    const Advice advice = advise(run);
    ASSERT_GE(advice.timed.size(), 3U);
    const Trial& edit = advice.timed[advised.place];
    ASSERT_EQ(edit.whatIf, std::vector<std::string>{advised.edit});
    EXPECT_FALSE(edit.finding.how.empty());
    EXPECT_FALSE(edit.finding.cost.empty());
    EXPECT_TRUE(std::ranges::is_sorted(advice.timed, std::greater(),
                                       [](const Trial& trial) { return trial.finding.saves->timeUs; }));
    ASSERT_TRUE(advice.together);
    EXPECT_GE(advice.together->finding.saves->timeUs, 0.9 * advice.timed.front().finding.saves->timeUs);

    const Profile made = profileRun(readFirmware(firmware(advised.board, advised.made), std::nullopt), {});
    ASSERT_EQ(made.inferences.size(), run.plain().inferences.size());
    const double saved = advice.plain.cycles - costOf(made).cycles;
    const auto promised = static_cast<double>(edit.finding.saves->cycles);
    EXPECT_NEAR(saved, promised, std::max(0.15 * promised, 0.003 * advice.plain.cycles));
}

INSTANTIATE_TEST_SUITE_P(Boards, AdviceKept, testing::ValuesIn(kAdvised), [](const auto& test) {
    std::string name = test.param.board;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

} // namespace
} // namespace simprof
