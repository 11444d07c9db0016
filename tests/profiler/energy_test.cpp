// SPDX-License-Identifier: GPL-2.0-or-later
// Cycles and times in, energy out, added up by hand.
#include "profiler/energy/energy.h"
#include "sim_core/error.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

/// 2 V; running 100 µA/MHz and 500 µA, asleep 20 µA/MHz, stopped 5 µA.
const SupplyPoint kSupply{"LDO", 2, 100, 500, 20, 5, 15, "a data sheet"};

Calibration pj(double perCycle) {
    Calibration calibration;
    calibration.pjPerCycle = perCycle;
    return calibration;
}

/// 1 MHz from reset, 10 MHz from cycle 1,000 on: 1,000 cycles of start-up, a layer of 20,000, asleep for 10,000.
Profile profileOfTwoClocks() {
    Profile profile;
    profile.board.clockHz = 10'000'000;
    profile.clocks = {{0, 1'000'000}, {1'000, 10'000'000}};
    profile.owners = {{"[start-up]", 1'000, 0, 1'000, 0, {}}, {"[sleep]", 10'000, 0, 1'000, 0, {}}};
    LayerInfo layer;
    layer.cycles = 20'000;
    layer.timeUs = 2'000;
    profile.layers = {layer};
    profile.inferences = {{0, 1'000, 20'000, 0, {}}};
    profile.power = {
        {PowerState::Run, 0, 1'000, 0}, {PowerState::Run, 1'000, 20'000, 0}, {PowerState::Sleep, 21'000, 10'000, 0}};
    return profile;
}

TEST(Energy, EachOwnerAndTheirSum) {
    Profile profile = profileOfTwoClocks();
    addEnergy(profile, &kSupply, {});
    // 2 V x 100 µA/MHz x 0.001 Mcycles = 0.2 µJ; 2 V x 500 µA x 1 ms = 1 µJ
    EXPECT_NEAR(profile.owners[0].energyUj, 0.2 + 1, 1e-9);
    EXPECT_NEAR(profile.layers[0].energyUj, 4 + 2, 1e-9);
    EXPECT_NEAR(profile.inferences[0].energyUj, 6, 1e-9);
    EXPECT_NEAR(profile.owners[1].energyUj, 2 * 20 * 10 * 1e-3, 1e-9); // 400 µW for 1 ms
    EXPECT_NEAR(profile.totals.energyUj, 1.2 + 6 + 0.4, 1e-9);
    EXPECT_EQ(profile.totals.energyBandPercent, 15);
    EXPECT_EQ(profile.board.supply, "LDO");
    EXPECT_THAT(profile.board.assumptions, testing::ElementsAre("energy: LDO (a data sheet), +-15 %"));
}

TEST(Energy, PowerFollowsTheClock) {
    Profile profile = profileOfTwoClocks();
    addEnergy(profile, &kSupply, {});
    EXPECT_DOUBLE_EQ(profile.power[0].microwatts.value(), 2 * (100 * 1 + 500));
    EXPECT_DOUBLE_EQ(profile.power[1].microwatts.value(), 2 * (100 * 10 + 500));
    EXPECT_DOUBLE_EQ(profile.power[2].microwatts.value(), 2 * 20 * 10);
    profile.power[2].state = PowerState::Stop;
    addEnergy(profile, &kSupply, {});
    EXPECT_DOUBLE_EQ(profile.power[2].microwatts.value(), 2 * 5);
    EXPECT_NEAR(profile.owners[1].energyUj, 10 * 1e-3, 1e-9);
}

TEST(Energy, TheProfileKeepsTheSupply) {
    Profile profile = profileOfTwoClocks();
    addEnergy(profile, &kSupply, {});
    EXPECT_EQ(profile.board.supplyFigures, (SupplyFigures{2, 100, 500, 20, 5, "a data sheet"}));
}

TEST(Energy, AMeasurementOfOnesOwnReplacesTheRunningCurrent) {
    Profile profile = profileOfTwoClocks();
    addEnergy(profile, &kSupply, pj(300));
    EXPECT_NEAR(profile.layers[0].energyUj, 20'000 * 300e-6, 1e-9);
    EXPECT_EQ(profile.totals.energyBandPercent, 10);
    EXPECT_EQ(profile.board.supply, "LDO, calibrated to 300 pJ per cycle");
    EXPECT_EQ(profile.board.supplyFigures, (SupplyFigures{2, 150, 0, 20, 5, "a data sheet; running: calibrated"}));
    Profile unknown = profileOfTwoClocks();
    addEnergy(unknown, nullptr, pj(300));
    EXPECT_NEAR(unknown.layers[0].energyUj, 20'000 * 300e-6, 1e-9);
}

TEST(Energy, WithoutACurrentThereIsNoFigure) {
    Profile profile = profileOfTwoClocks();
    addEnergy(profile, nullptr, {});
    EXPECT_EQ(profile.totals.energyUj, 0);
    EXPECT_EQ(profile.board.supplyFigures, std::nullopt);
    EXPECT_THAT(profile.board.assumptions,
                testing::ElementsAre("energy: no current of this board is known; give one with --calibrate "
                                     "PJ_PER_CYCLE"));
}

TEST(Energy, SuppliesAreChosenByName) {
    BoardDesc board;
    board.name = "mine";
    EXPECT_EQ(chooseSupply(board, ""), nullptr);
    board.supplies = {kSupply, kSupply};
    board.supplies[1].name = "SMPS";
    EXPECT_EQ(chooseSupply(board, ""), &board.supplies[0]);
    EXPECT_EQ(chooseSupply(board, "SMPS"), &board.supplies[1]);
    try {
        chooseSupply(board, "battery");
        FAIL();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "mine has no supply configuration 'battery'; it has: 'LDO', 'SMPS'");
    }
}

} // namespace
} // namespace simprof
