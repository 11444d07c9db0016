// SPDX-License-Identifier: GPL-2.0-or-later
// One network with other wait states, without caches or prefetch, and with its weights in RAM: the count moves, and the
// reasons for its cycles say why. The programs of a board differ in data only.
#include "profiler/profile_run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace simprof {
namespace {

struct Moved {
    const char* board;
    const char* setting;
    int direction;      ///< of the cycles, against the board's own settings
    Stall reason;       ///< that moves most
    bool whole = false; ///< compares whole runs: weights in RAM of an M0+ are not recognised as a network
};
const Moved kMoved[] = {
    {"nucleo-l4r5zi", "ws8", +1, Stall::CacheMiss},       {"nucleo-l4r5zi", "noprefetch", -1, Stall::Fetch},
    {"nucleo-l4r5zi", "nocache", +1, Stall::Fetch},       {"nucleo-l4r5zi", "ram", -1, Stall::CacheMiss},
    {"stm32f746g-disco", "ws9", +1, Stall::CacheMiss},    {"stm32f746g-disco", "nocache", +1, Stall::Fetch},
    {"stm32f746g-disco", "ram", -1, Stall::CacheMiss},    {"nucleo-g0b1re", "ws1", -1, Stall::CacheMiss},
    {"nucleo-g0b1re", "noprefetch", +1, Stall::Fetch},    {"nucleo-g0b1re", "nocache", +1, Stall::Fetch},
    {"nucleo-g0b1re", "ram", -1, Stall::CacheMiss, true},
};

std::filesystem::path firmware(const std::string& board, const std::string& setting) {
    return std::filesystem::path(SIMPROF_BINARY_DIR) / "firmware" / ("kws-" + board + "-" + setting + ".elf");
}

using Reasons = std::array<std::int64_t, kStallCount>;

/// Cycles by reason, of all layers or of the whole run.
Reasons reasonsOf(const std::filesystem::path& path, bool whole) {
    const Profile profile = profileRun(readFirmware(path, std::nullopt), {});
    Reasons reasons{};
    if (whole) {
        for (std::size_t i = 0; i < kStallCount; ++i) {
            reasons[i] = static_cast<std::int64_t>(profile.totals.stalls[i]);
        }
        return reasons;
    }
    EXPECT_EQ(profile.layers.size(), 13u) << path;
    for (const LayerInfo& layer : profile.layers) {
        for (std::size_t i = 0; i < kStallCount; ++i) {
            reasons[i] += static_cast<std::int64_t>(layer.stalls[i]);
        }
    }
    return reasons;
}

class MemorySettings : public testing::TestWithParam<Moved> {};

TEST_P(MemorySettings, MoveTheCountForTheReasonThatWaits) {
    const Moved& moved = GetParam();
    if (!std::filesystem::exists(firmware(moved.board, moved.setting))) {
        GTEST_SKIP() << "the firmware samples were not built";
    }
    const Reasons before = reasonsOf(firmware(moved.board, "own"), moved.whole);
    const Reasons after = reasonsOf(firmware(moved.board, moved.setting), moved.whole);
    std::int64_t cycles = 0, waits = 0;
    std::size_t most = 0;
    Reasons change{};
    for (std::size_t i = 0; i < kStallCount; ++i) {
        change[i] = after[i] - before[i];
        cycles += change[i];
        most = std::abs(change[i]) > std::abs(change[most]) ? i : most;
    }
    for (const Stall stall : {Stall::Fetch, Stall::CacheMiss, Stall::BusContention}) {
        waits += change[static_cast<std::size_t>(stall)];
    }
    EXPECT_GT(cycles * moved.direction, 0);
    EXPECT_STREQ(kStallNames[most], kStallNames[static_cast<std::size_t>(moved.reason)]);
    // What executes is the same: all but a few per cent of the change are waits of memory.
    EXPECT_NEAR(static_cast<double>(waits) / static_cast<double>(cycles), 1.0, 0.08);
}

INSTANTIATE_TEST_SUITE_P(Boards, MemorySettings, testing::ValuesIn(kMoved), [](const auto& test) {
    std::string name = std::string(test.param.board) + "_" + test.param.setting;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

} // namespace
} // namespace simprof
