// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/run_control.h"

#include <gtest/gtest.h>

namespace simprof::test {

namespace {

/// What a run with these limits says at `pc` and cycle `now`: "until: reached 0x08000100", or "" when it continues.
std::string verdict(const RunLimits& limits, Address pc, Cycles now, const FaultReport* fault = nullptr) {
    RunControl control;
    control.begin(limits, Clock(1'000'000));
    control.check(pc, now, fault);
    return control.halted() ? std::string(nameOf(control.halted()->kind)) + ": " + control.halted()->what : "";
}

RunLimits limitOf(Cycles cycles) {
    RunLimits limits;
    limits.cycles = cycles;
    return limits;
}

} // namespace

TEST(RunControl, GoesOnBelowItsLimit) { EXPECT_EQ(verdict(limitOf(100), 0, 99), ""); }

TEST(RunControl, Limit) {
    EXPECT_EQ(verdict(limitOf(100), 0, 103),
              "limit: still running after 103 cycles; raise the limit with --until cycles:N");
}

TEST(RunControl, LimitInAFaultHandler) {
    FaultReport fault;
    fault.what = "division by zero at 0x08000100";
    EXPECT_EQ(verdict(limitOf(100), 0, 100, &fault), "fault: division by zero at 0x08000100");
}

TEST(RunControl, CyclesAsTheGoal) {
    RunLimits limits = limitOf(100);
    limits.cyclesAreTheGoal = true;
    EXPECT_EQ(verdict(limits, 0, 103), "until: reached cycle 100");
}

TEST(RunControl, TimeAsTheGoalFollowsTheClock) {
    RunLimits limits;
    limits.nanoseconds = 100'000;
    Clock clock(1'000'000);
    RunControl control;
    control.begin(limits, clock);
    EXPECT_EQ(control.limit(), 100U);
    clock.passBlock(50);
    clock.setHertz(4'000'000, clock.now());
    control.clockChanged(clock);
    EXPECT_EQ(control.limit(), 250U);
    control.check(0, 249, nullptr);
    EXPECT_FALSE(control.halted());
    control.check(0, 250, nullptr);
    ASSERT_TRUE(control.halted());
    EXPECT_EQ(control.halted()->kind, HaltReason::Kind::Until);
    EXPECT_EQ(control.halted()->what, "reached 0.0001 s");
}

TEST(RunControl, StopsAtEachOfItsAddresses) {
    RunLimits limits;
    limits.until = {0x0800'0101, 0x0800'0200};
    EXPECT_EQ(verdict(limits, 0x0800'0100, 0), "until: reached 0x08000100");
    EXPECT_EQ(verdict(limits, 0x0800'0200, 0), "until: reached 0x08000200");
    EXPECT_EQ(verdict(limits, 0x0800'0102, 0), "");
}

TEST(RunControl, Cancelled) {
    std::atomic<bool> cancel = true;
    RunLimits limits;
    limits.cancel = &cancel;
    EXPECT_EQ(verdict(limits, 0, 0), "cancelled: by request; what was measured so far is kept");
}

TEST(RunControl, TheFirstReasonCounts) {
    RunControl control;
    control.halt(HaltReason::Kind::Exit, "done", 7);
    control.halt(HaltReason::Kind::Limit, "late");
    EXPECT_EQ(control.halted()->kind, HaltReason::Kind::Exit);
    EXPECT_EQ(control.halted()->exitCode, 7);
}

TEST(RunControl, DeadlineIsWhatComesFirst) {
    RunControl control;
    RunLimits limits = limitOf(1000);
    control.begin(limits, Clock(1'000'000));
    control.setDeadline(0, 500);
    EXPECT_EQ(control.deadline(), 500U);
    control.lookBy(200);
    EXPECT_FALSE(control.isDue(199));
    EXPECT_TRUE(control.isDue(200));
    control.setDeadline(200, Scheduler::kNever);
    EXPECT_EQ(control.deadline(), 1000U);
}

TEST(RunControl, RequestsAreLookedAtSoon) {
    RunControl control;
    control.requestReset("watchdog");
    EXPECT_TRUE(control.mustLook());
    EXPECT_EQ(control.takeReset(), "watchdog");
    EXPECT_EQ(control.takeReset(), std::nullopt);
}

TEST(RunControl, ProgressMovesALimitButNoGoal) {
    RunControl control;
    RunLimits limits = limitOf(100);
    control.begin(limits, Clock(1'000'000));
    control.moveLimit(90, 100);
    EXPECT_EQ(control.limit(), 190U);
    limits.cyclesAreTheGoal = true;
    control.begin(limits, Clock(1'000'000));
    control.moveLimit(90, 100);
    EXPECT_EQ(control.limit(), 100U);
}

TEST(RunControl, CallsProgressAtItsPace) {
    RunControl control;
    RunLimits limits;
    unsigned calls = 0;
    limits.progressEvery = 100;
    limits.progress = [&] { ++calls; };
    control.begin(limits, Clock(1'000'000));
    for (const Cycles now : {0U, 99U, 100U, 150U, 205U, 299U}) {
        control.check(0, now, nullptr);
    }
    EXPECT_EQ(calls, 2U);
}

} // namespace simprof::test
