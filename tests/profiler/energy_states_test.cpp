// SPDX-License-Identifier: GPL-2.0-or-later
// Currents by state, setting and clock; what is unknown; what follows for batteries and harvesters, by hand.
#include "peripherals/boards.h"
#include "profiler/energy/answer.h"
#include "profiler/energy/currents.h"
#include "profiler/energy/energy.h"
#include "sim_core/error.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

using testing::HasSubstr;

/// 3 V; range 1: 1 mA at 8 MHz, 2 mA at 16 MHz; range 2: 1.2 mA at 16 MHz alone; asleep 0.4 mA at 16 MHz, up to 1 mA.
SupplyPoint supply() {
    SupplyPoint supply;
    supply.name = "LDO";
    supply.volts = 3;
    supply.bandPercent = 10;
    supply.source = "a data sheet";
    supply.currents = {{PowerState::Run, "range 1", 8, 1000, 0, 0, "table 1"},
                       {PowerState::Run, "range 1", 16, 2000, 0, 0, "table 1"},
                       {PowerState::Run, "range 2", 16, 1200, 0, 0, "table 2"},
                       {PowerState::Sleep, "", 16, 400, 1000, 0, "table 3"}};
    return supply;
}

/// 16 MHz in range 1: 16,000 cycles running (an inference, a layer), 144,000 asleep: 10 ms.
Profile sleeper(PowerState state = PowerState::Sleep) {
    Profile profile;
    profile.board.name = "mine";
    profile.board.clockHz = 16'000'000;
    profile.clocks = {{0, 16'000'000}};
    profile.totals.cycles = 160'000;
    profile.totals.timeUs = 10'000;
    profile.owners = {{"[sleep]", 144'000, 0, 9'000, 0, {}}};
    LayerInfo layer;
    layer.cycles = 16'000;
    layer.timeUs = 1'000;
    profile.layers = {layer};
    profile.inferences = {{0, 0, 16'000, 0, {}}};
    profile.halt.reason = HaltReason::Kind::Exit;
    const std::string deep = state == PowerState::Sleep ? "range 1" : "Stop 2";
    profile.power = {{PowerState::Run, 0, 16'000, {}, "range 1"}, {state, 16'000, 144'000, {}, deep}};
    return profile;
}

std::string refusal(const std::function<void()>& what) {
    try {
        what();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

TEST(Currents, LieOnTheLineBetweenTheirClocks) {
    const SupplyPoint known = supply();
    EXPECT_DOUBLE_EQ(currentOf(known, PowerState::Run, "range 1", 16).microamp.value(), 2000);
    EXPECT_DOUBLE_EQ(currentOf(known, PowerState::Run, "range 1", 12).microamp.value(), 1500);
    EXPECT_DOUBLE_EQ(currentOf(known, PowerState::Run, "range 1", 32).microamp.value(), 4000);
    EXPECT_DOUBLE_EQ(currentOf(known, PowerState::Run, "range 1", 16).low, 1800);
    EXPECT_DOUBLE_EQ(currentOf(known, PowerState::Run, "range 1", 16).high.value(), 2200);
    EXPECT_EQ(currentOf(known, PowerState::Run, "range 1", 16).source, "table 1");
}

TEST(Currents, OneRowAloneHoldsInProportionAndItsBandReachesToTheRow) {
    const Current half = currentOf(supply(), PowerState::Run, "range 2", 8);
    EXPECT_DOUBLE_EQ(half.microamp.value(), 600);
    EXPECT_DOUBLE_EQ(half.low, 540);
    EXPECT_DOUBLE_EQ(half.high.value(), 1200);
    EXPECT_DOUBLE_EQ(currentOf(supply(), PowerState::Sleep, "range 1", 16).high.value(), 1000);
}

TEST(Currents, WithoutARowAreUnknownAndNoMoreThanRunning) {
    EXPECT_EQ(currentOf(supply(), PowerState::Run, "range 3", 4).microamp, std::nullopt);
    EXPECT_EQ(currentOf(supply(), PowerState::Run, "range 3", 4).high, std::nullopt);
    SupplyPoint known = supply();
    known.currents.pop_back();
    const Current asleep = currentOf(known, PowerState::Sleep, "range 1", 16);
    EXPECT_EQ(asleep.microamp, std::nullopt);
    EXPECT_EQ(asleep.low, 0);
    EXPECT_DOUBLE_EQ(asleep.high.value(), 2200);
    EXPECT_EQ(asleep.source, "no current of sleep (range 1) is documented");
}

TEST(EnergyStates, AnAverageIsTheDutyCycleByHand) {
    Profile profile = sleeper();
    const SupplyPoint known = supply();
    addEnergy(profile, &known, {});
    // 1 ms at 2 mA and 9 ms at 0.4 mA, at 3 V
    EXPECT_NEAR(profile.totals.energyUj, 3 * 2 + 3 * 0.4 * 9, 1e-9);
    EXPECT_NEAR(profile.totals.energyLowUj.value(), 0.9 * (6 + 10.8), 1e-9);
    EXPECT_NEAR(profile.totals.energyHighUj.value(), 6 * 1.1 + 27, 1e-9);
    EXPECT_NEAR(answerEnergy(profile, {}).runMicroamp.value, 0.1 * 2000 + 0.9 * 400, 1e-9);
    ASSERT_EQ(profile.powerStates.size(), 2U);
    EXPECT_EQ(profile.powerStates[0].state, PowerState::Sleep) << "longest first";
    EXPECT_EQ(profile.powerStates[0].entries, 1U);
    EXPECT_FALSE(isAtLeast(profile));
}

TEST(EnergyStates, AStateWithoutFigureIsNotZero) {
    Profile profile = sleeper(PowerState::Stop);
    const SupplyPoint known = supply();
    addEnergy(profile, &known, {});
    EXPECT_TRUE(isAtLeast(profile));
    EXPECT_EQ(profile.power[1].microwatts, std::nullopt);
    EXPECT_NEAR(profile.totals.energyUj, 6, 1e-9);
    EXPECT_EQ(totalEnergyText(profile).substr(0, 9), "at least ");
    EXPECT_EQ(profile.totals.energyHighUj, std::nullopt) << "no running current is known for the clock of Stop 2";
    EXPECT_THAT(profile.board.assumptions,
                testing::Contains(HasSubstr("no current of stop (Stop 2) is documented, so that 9.00 ms of the run")));
}

TEST(EnergyStates, WaitsThatAreNotKeptCountLikeThoseThatAre) {
    Profile profile = sleeper();
    profile.power = {{PowerState::Sleep, 16'000, 72'000, {}, "range 1"}, {PowerState::Run, 0, 88'000, {}, "range 1"}};
    const SupplyPoint known = supply();
    addEnergy(profile, &known, {});
    EXPECT_EQ(profile.powerStates[0].cycles, 144'000U);
    EXPECT_EQ(profile.powerStates[0].entries, 2U);
    EXPECT_EQ(profile.powerStates[1].cycles, 16'000U);
}

TEST(EnergyStates, ASupplyThatTheFirmwareNeverSwitchedOnIsNotAssumed) {
    BoardDesc board;
    board.supplies = {supply(), supply()};
    board.supplies[0].setting = "DC/DC";
    EXPECT_EQ(chooseSupply(board, "", "LDO"), &board.supplies[1]);
    EXPECT_EQ(chooseSupply(board, "", "DC/DC"), &board.supplies[0]);
    EXPECT_EQ(chooseSupply(board, ""), &board.supplies[0]);
}

TEST(Calibrate, TakesWhatPeopleMeasure) {
    Profile profile = sleeper();
    const SupplyPoint known = supply();
    Calibration calibration;
    parseCalibration("12uJ/inference", calibration);
    parseCalibration("sleep=1.4mA", calibration);
    addEnergy(profile, &known, calibration);
    EXPECT_NEAR(profile.layers[0].energyUj, 12, 1e-9);
    EXPECT_NEAR(profile.owners[0].energyUj, 3 * 1.4 * 9, 1e-9);
    EXPECT_EQ(profile.totals.energyBandPercent, 10);
    Calibration current;
    parseCalibration("1mA@8MHz", current);
    addEnergy(profile, &known, current);
    EXPECT_NEAR(profile.layers[0].energyUj, 3 * 2, 1e-9);
    EXPECT_THAT(profile.board.supplyFigures->source, HasSubstr("0 % more than the documented 1 mA (table 1)"));
    Calibration perCycle;
    parseCalibration("374pJ/cycle", perCycle);
    EXPECT_DOUBLE_EQ(perCycle.pjPerCycle.value(), 374);
}

TEST(Calibrate, RefusesWithLimitAndValue) {
    const auto refused = [](const std::string& text) {
        return refusal([&] {
            Calibration calibration;
            parseCalibration(text, calibration);
        });
    };
    for (const char* text : {"0", "-3", "nan", "12mA", "12mA@", "@64MHz", "12mA@0MHz", "run=", "sleep=", "sleep=0mA",
                             "nap=1mA", "5mJ/layer", "5/inference", "1e99pJ/cycle"}) {
        EXPECT_THAT(refused(text), HasSubstr(std::string("not '") + text + "'")) << text;
    }
    EXPECT_THAT(refused("12mA"), HasSubstr("a running current needs its clock"));
}

TEST(EnergyAnswer, BatteryAndHarvestByHand) {
    Profile profile = sleeper();
    const SupplyPoint known = supply();
    addEnergy(profile, &known, {});
    EnergyQuestion question;
    question.periodSeconds = 1;
    Battery battery;
    battery.milliampHours = 100;
    battery.volts = 3;
    battery.selfDischargePercentPerYear = 0;
    question.battery = battery;
    question.harvest = Harvest{2000};
    const EnergyAnswer answer = answerEnergy(profile, question);
    EXPECT_NEAR(answer.inferenceUj.value, 6, 1e-9);
    EXPECT_NEAR(answer.dutyPercent.value(), 0.1, 1e-9);
    const double average = 6 + 0.999 * 1200; // µW
    EXPECT_NEAR(answer.averageMicrowatts->value, average, 1e-6);
    EXPECT_NEAR(answer.batteryDays->value, 300'000 / average / 24, 1e-6);
    EXPECT_LT(answer.batteryDays->low, answer.batteryDays->value);
    EXPECT_GT(answer.batteryDays->high.value(), answer.batteryDays->value);
    EXPECT_NEAR(answer.affordablePerHour->value, (2000 - 1200) * 3600 / (6 - 1.2), 1e-3);
    EXPECT_THAT(answer.sentences, testing::ElementsAre(HasSubstr("loses 0 % of its capacity a year"),
                                                       HasSubstr("running takes 2.00 mA at 3 V, 6.00 mW, which is 3.00 "
                                                                 "times the 2.00 mW")));
}

TEST(EnergyAnswer, SaysWhyNone) {
    Profile profile = sleeper();
    const SupplyPoint known = supply();
    addEnergy(profile, &known, {});
    EnergyQuestion question;
    question.harvest = Harvest{33};
    EXPECT_THAT(answerEnergy(profile, question).sentences.back(), HasSubstr("no inference: waiting (sleep (range 1)"));
    question.harvest = Harvest{33, 50};
    EXPECT_THAT(answerEnergy(profile, question).sentences.back(), HasSubstr("below the 50.0 µW that the converter"));
    question.harvest = Harvest{2000};
    question.storage = Storage{1e-6, 2, 3};
    EXPECT_THAT(answerEnergy(profile, question).sentences.back(), HasSubstr("the capacitor gives 2.50 µJ"));
    EXPECT_EQ(answerEnergy(profile, question).affordablePerHour->value, 0);
}

TEST(EnergyAnswer, RefusesWhatMakesNoSense) {
    Profile profile = sleeper();
    const SupplyPoint known = supply();
    addEnergy(profile, &known, {});
    EnergyQuestion question;
    question.periodSeconds = 0.0005;
    EXPECT_EQ(refusal([&] { answerEnergy(profile, question); }),
              "--period: an inference takes 1.00 ms, longer than the period of 500 µs");
    question.periodSeconds.reset();
    question.between = "nap";
    EXPECT_THAT(refusal([&] { answerEnergy(profile, question); }), HasSubstr("there are run, sleep:range 1"));
}

/// MLPerf Tiny v1.3, streaming wake word on the NUCLEO-L4R5ZI-P, 1200 s. The rows at 70 MHz and in Sleep are derived
/// from these two averages: this holds them together, and does not test them.
TEST(EnergyAnswer, TheSlowerClockOfTheStreamingPairTakesLess) {
    const SupplyPoint* supply = chooseSupply(*findBoard("nucleo-l4r5zi"), "external SMPS, 3.0 V, 120 MHz");
    const auto average = [&](double megahertz, double duty) { // mW
        const auto draws = [&](PowerState state) {
            return currentOf(*supply, state, "range 1 boost", megahertz).microamp.value() * supply->volts * 1e-3;
        };
        return averageMicrowatts(draws(PowerState::Run) * duty, duty, draws(PowerState::Sleep), 1);
    };
    EXPECT_NEAR(average(120, 0.56085), 25.622, 0.08 * 25.622);
    EXPECT_NEAR(average(70, 0.95857), 22.719, 0.08 * 22.719);
    EXPECT_LT(average(70, 0.95857), average(120, 0.56085));
}

} // namespace
} // namespace simprof
