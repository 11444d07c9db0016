// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/energy/duty_cycle.h"
#include "tests/support/sample_profile.h"

#include <gtest/gtest.h>

namespace simprof {
namespace {

TEST(DutyCycle, AddsUpByHand) {
    // 1 s and 1000 µJ an inference, 36 an hour: 10 µW for them, awake 1 %.
    const InferenceCost cost{.cycles = 1e6, .clockMhz = 1, .energyUj = 1000, .bandPercent = 10};
    DutyInputs in;
    in.inferencesPerHour = 36;
    in.sleepMicrowatts = 2;
    in.otherMicrowatts = 3;
    in.batteryMilliampHours = 100;
    in.batteryVolts = 3;
    in.selfDischargePercentPerYear = 0;
    in.harvesterMicrowatts = 15;
    const DutyAnswer out = calculateDuty(cost, in);
    EXPECT_NEAR(out.secondsPerInference, 1, 1e-9);
    EXPECT_NEAR(out.activePercent, 1, 1e-9);
    EXPECT_NEAR(out.averageMicrowatts, 10 + 0.99 * 2 + 3, 1e-9);
    EXPECT_NEAR(out.batteryDays, 300'000 / 14.98 / 24, 1e-6);
    EXPECT_LT(out.batteryDaysLow, out.batteryDays);
    EXPECT_GT(out.batteryDaysHigh, out.batteryDays);
    EXPECT_NEAR(out.affordablePerHour, (15 - 3 - 2) * 3600 / (1000 - 2.0), 1e-6);
    EXPECT_FALSE(out.tooMany);
}

TEST(DutyCycle, Limits) {
    const InferenceCost cost{.cycles = 1e6, .clockMhz = 1, .energyUj = 1000, .bandPercent = 10};
    DutyInputs in;
    in.inferencesPerHour = 4000; // one takes a second
    EXPECT_TRUE(calculateDuty(cost, in).tooMany);
    EXPECT_NEAR(calculateDuty(cost, in).activePercent, 100, 1e-9);
    in.harvesterMicrowatts = 1e9;
    EXPECT_NEAR(calculateDuty(cost, in).affordablePerHour, 3600, 1e-6);
    in.harvesterMicrowatts = 1;
    in.sleepMicrowatts = 2;
    EXPECT_EQ(calculateDuty(cost, in).affordablePerHour, 0);
    EXPECT_EQ(calculateDuty({}, in).batteryDays, 0);
}

TEST(DutyCycle, AHalvedClockTakesTwiceTheTime) {
    InferenceCost cost{.cycles = 1e6, .clockMhz = 10, .energyUj = 1000, .bandPercent = 0};
    DutyInputs in;
    in.clockMhz = 5;
    EXPECT_NEAR(calculateDuty(cost, in).secondsPerInference, 0.2, 1e-9);
    EXPECT_NEAR(calculateDuty(cost, in).energyPerInferenceUj, 1000, 1e-9); // nothing fixed
    cost.fixedMicrowatts = 1000;                                           // 100 µJ of the 1000 at 10 MHz
    EXPECT_NEAR(calculateDuty(cost, in).energyPerInferenceUj, 1100, 1e-9);
}

TEST(DutyCycle, TheSupplyIsTheProfilesOwn) {
    Profile profile = test::sampleProfile();
    profile.board.name = "a board of nobody else";
    profile.board.maxClockHz = 400'000'000;
    profile.board.supplyFigures = SupplyFigures{3, 100, 200, 50, 10, "measured"};
    const InferenceCost cost = inferenceCost(profile);
    EXPECT_DOUBLE_EQ(cost.volts, 3);
    EXPECT_DOUBLE_EQ(cost.fixedMicrowatts, 600);
    EXPECT_DOUBLE_EQ(cost.sleepMicrowatts, 30);
    EXPECT_DOUBLE_EQ(cost.maxClockMhz, 400);
    profile.board.supplyFigures.reset();
    profile.board.maxClockHz = 0;
    EXPECT_DOUBLE_EQ(inferenceCost(profile).volts, 0);
    EXPECT_DOUBLE_EQ(inferenceCost(profile).maxClockMhz, inferenceCost(profile).clockMhz);
}

} // namespace
} // namespace simprof
