// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/event_log.h"

#include <gtest/gtest.h>

namespace simprof {
namespace {

TEST(EventLog, KeepsEventsInOrder) {
    EventLog log;
    log.add(1, "a");
    log.add(2, "b");
    log.add(3, "a");
    ASSERT_EQ(log.events().size(), 3U);
    EXPECT_EQ(log.events()[2].text, "a");
    EXPECT_EQ(log.events()[2].at, 3U);
    EXPECT_EQ(log.events()[2].count, 1U);
}

TEST(EventLog, CountsEqualEvents) {
    EventLog log;
    for (Cycles cycle = 0; cycle < 1'000'000; ++cycle) {
        log.add(cycle, "reset");
    }
    ASSERT_EQ(log.events().size(), EventLog::kMostEqual);
    const EventLog::Event& newest = log.events().back();
    EXPECT_EQ(newest.at, EventLog::kMostEqual - 1);
    EXPECT_EQ(newest.count, 1'000'000U - EventLog::kMostEqual + 1);
    EXPECT_EQ(newest.last, 999'999U);
    EXPECT_EQ(log.leftOut(), 0U);
}

TEST(EventLog, HasRoomForSoManyDifferentEvents) {
    EventLog log;
    for (Cycles cycle = 0; cycle < 5'000; ++cycle) {
        log.add(cycle, "store to " + std::to_string(cycle));
    }
    EXPECT_EQ(log.events().size(), EventLog::kMost);
    EXPECT_EQ(log.leftOut(), 5'000U - EventLog::kMost);
    log.add(6'000, "store to 7"); // known: counted
    EXPECT_EQ(log.events()[7].count, 2U);
    EXPECT_EQ(log.leftOut(), 5'000U - EventLog::kMost);
}

} // namespace
} // namespace simprof
