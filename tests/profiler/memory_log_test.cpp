// SPDX-License-Identifier: GPL-2.0-or-later
// What is known of memory when two who accessed it turn out to be one.
#include "profiler/collect/memory_log.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

MATCHER_P4(Is, begin, end, born, died, "") {
    return arg.begin == Address(begin) && arg.end == Address(end) && arg.born == Cycles(born) &&
           arg.died == Cycles(died);
}

TEST(MemoryLog, JoinsWhatTwoDidWhoAreOne) {
    MemoryLog log;
    log.start = 7;
    log.lives[{1, 3}] = {{0x100, 0x110, 10, 20}};
    log.lives[{2, 3}] = {{0x110, 0x120, 5, 15}, {0x200, 0x204, 8, 9}};
    log.flows[{1, 2}] = {{0x100, 0x104, 11, 12}};
    log.flows[{2, 3}] = {{0x200, 0x204, 9, 9}};
    log.lines[1] = {{0x10, 1, 2}};
    log.lines[2] = {{0x10, 3, 4}, {0x20, 5, 6}};
    const MemoryLog one = renamed(log, [](AccessorId who) { return static_cast<AccessorId>(who == 3 ? 2 : 1); });
    EXPECT_EQ(one.start, 7U);
    ASSERT_EQ(one.lives.size(), 1U);
    EXPECT_THAT(one.lives.at({1, 2}), testing::ElementsAre(Is(0x100, 0x120, 5, 20), Is(0x200, 0x204, 8, 9)));
    EXPECT_THAT(one.flows.at({1, 1}), testing::ElementsAre(Is(0x100, 0x104, 11, 12)));
    EXPECT_THAT(one.flows.at({1, 2}), testing::ElementsAre(Is(0x200, 0x204, 9, 9)));
    ASSERT_EQ(one.lines.size(), 1U);
    ASSERT_EQ(one.lines.at(1).size(), 2U);
    EXPECT_EQ(one.lines.at(1)[0].born, 1U);
    EXPECT_EQ(one.lines.at(1)[0].died, 4U);
}

} // namespace
} // namespace simprof
