// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/clock.h"

#include <gtest/gtest.h>

namespace simprof::test {

TEST(Clock, TimeIsTheSumOfCyclesAtTheClockThenInForce) {
    Clock clock(1'000'000);
    clock.passBlock(10); // 10 us
    clock.setHertz(4'000'000, clock.now());
    clock.passBlock(10); // 2.5 us
    EXPECT_EQ(clock.now(), 20U);
    EXPECT_EQ(clock.nanosecondsAt(20), 12'500U);
    EXPECT_EQ(clock.nanosecondsAt(5), 5'000U);
}

TEST(Clock, AChangeWithinABlockCountsFromThere) {
    Clock clock(1'000'000);
    clock.setHertz(2'000'000, 4); // while the block that began at 0 runs
    EXPECT_EQ(clock.now(), 0U);
    EXPECT_EQ(clock.nanosecondsAt(6), 5'000U);
}

TEST(Clock, TwoChangesAtOneCycleAreOne) {
    Clock clock(1'000'000);
    clock.setHertz(2'000'000, 0);
    clock.setHertz(3'000'000, 0);
    ASSERT_EQ(clock.clocks().size(), 1U);
    EXPECT_EQ(clock.hertz(), 3'000'000U);
}

TEST(Clock, KeepsSoManyChangesAndTheRightTime) {
    Clock clock(1'000'000);
    constexpr Cycles kChanges = 3 * Clock::kMostChanges;
    for (Cycles change = 1; change <= kChanges; ++change) {
        clock.passBlock(10); // in turn 10 us and 5 us
        clock.setHertz(change % 2 == 1 ? 2'000'000 : 1'000'000, clock.now());
    }
    EXPECT_EQ(clock.clocks().size(), Clock::kMostChanges);
    EXPECT_EQ(clock.changesLeftOut(), kChanges + 1 - Clock::kMostChanges);
    EXPECT_EQ(clock.nanosecondsAt(clock.now()), kChanges / 2 * 15'000);
    EXPECT_EQ(clock.nanosecondsAt(clock.now() + 7), kChanges / 2 * 15'000 + 7'000);
    EXPECT_EQ(clock.nanosecondsAt(25), 20'000U);
    EXPECT_NEAR(static_cast<double>(clock.nanosecondsAt(10 * (kChanges - 1000))), (kChanges - 1000) * 7.5e3, 1e4);
}

TEST(Clock, CycleAtIsTheFirstWithSoMuchTime) {
    Clock clock(3'000'000);
    clock.passBlock(10);
    clock.setHertz(7'000'000, clock.now());
    for (const std::uint64_t nanoseconds : {3'334U, 4'000U, 1'000'001U}) {
        const Cycles cycle = clock.cycleAt(nanoseconds);
        EXPECT_GE(clock.nanosecondsAt(cycle), nanoseconds);
        EXPECT_LT(clock.nanosecondsAt(cycle - 1), nanoseconds);
    }
    EXPECT_EQ(clock.cycleAt(1), 10U) << "that has passed";
}

TEST(Clock, NoClockIsNone) {
    Clock clock(1'000'000);
    clock.setHertz(0, 0);
    EXPECT_EQ(clock.hertz(), 1'000'000U);
}

TEST(Clock, SpendsForAReason) {
    Clock clock(1'000'000);
    clock.spend(Stall::Sleep, 7);
    clock.spend(Stall::Exception, 12);
    clock.spend(Stall::Sleep, 1);
    EXPECT_EQ(clock.now(), 20U);
    EXPECT_EQ(clock.spentOn(Stall::Sleep), 8U);
    EXPECT_EQ(clock.spentOn(Stall::Exception), 12U);
    EXPECT_EQ(clock.spentOn(Stall::Issue), 0U);
}

TEST(Clock, RoundsTimesUpToWholeCycles) {
    Clock clock(3'000'000);
    EXPECT_EQ(clock.cyclesOf(1'000), 3U);
    EXPECT_EQ(clock.cyclesOf(1'001), 4U);
    EXPECT_EQ(clock.cyclesOf(0), 0U);
}

} // namespace simprof::test
