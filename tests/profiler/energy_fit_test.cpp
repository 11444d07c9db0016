// SPDX-License-Identifier: GPL-2.0-or-later
// Energy a cycle from measurements, against calculations by hand.
#include "profiler/energy/fit.h"
#include "sim_core/error.h"

#include <gmock/gmock.h>

#include <map>

namespace simprof {
namespace {

using testing::HasSubstr;

/// Two inferences of 1000 cycles at 100 MHz and 3 V; its layer 1 takes 400 of them.
Profile run() {
    Profile profile;
    profile.board.name = "board";
    profile.board.supply = "LDO";
    profile.board.clockHz = 100'000'000;
    profile.board.supplyFigures = SupplyFigures{};
    profile.board.supplyFigures->volts = 3;
    ProfileNetwork network;
    network.inferences = 2;
    profile.networks = {network};
    for (const Cycles cycles : {1200U, 800U}) {
        LayerInfo layer;
        layer.id = static_cast<std::int32_t>(profile.layers.size());
        layer.op = "ADD";
        layer.cycles = cycles;
        profile.layers.push_back(layer);
    }
    profile.inferences = {{0, 0, 1000, 0, {}, 0}, {1, 1000, 1000, 0, {}, 0}};
    profile.totals.cycles = 3000;
    return profile;
}

EnergyFit fitOf(const std::string& lines) {
    static std::map<std::string, Profile> runs;
    runs["a"] = run();
    runs["b"] = run();
    runs["b"].board.supply = "SMPS";
    runs["c"] = run();
    runs["c"].networks.push_back(runs["c"].networks.front()); // another one that ran
    runs["d"] = run();
    runs["d"].board.clockHz = 0;
    return fitEnergy("run,part,measured\n" + lines,
                     [](const std::string& name) -> const Profile& { return runs.at(name); });
}

std::string refusal(const std::string& lines) {
    try {
        fitOf(lines);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

TEST(EnergyFit, OneMeasurementIsMetExactly) {
    EXPECT_DOUBLE_EQ(fitOf("a,inference,0.4uJ\n").pjPerCycle, 400);
    EXPECT_DOUBLE_EQ(fitOf("a,layer 1,200nJ\r\n\n").pjPerCycle, 500) << "400 cycles an inference";
    EXPECT_DOUBLE_EQ(fitOf("a,running,10mA\n").pjPerCycle, 300) << "30 mW at 100 MHz";
    EXPECT_EQ(fitOf("a,layer 1,200nJ\n").measurements.front().what, "a, layer 1 ADD");
}

TEST(EnergyFit, SeveralAreMetWithTheLeastRelativeErrors) {
    // c minimises (c/400 - 1)^2 + (c/500 - 1)^2: (1/400 + 1/500) / (1/400^2 + 1/500^2).
    const EnergyFit fit = fitOf("a,inference,400nJ\na,layer 1,200nJ\n");
    const double best = (1 / 400. + 1 / 500.) / (1 / 160'000. + 1 / 250'000.);
    EXPECT_NEAR(fit.pjPerCycle, best, 1e-9);
    EXPECT_NEAR(fit.errors.at(0), 100 * (best / 400 - 1), 1e-9);
    EXPECT_NEAR(fit.errors.at(1), 100 * (best / 500 - 1), 1e-9);
    EXPECT_NEAR(fit.meanPercent, (fit.errors[0] - fit.errors[1]) / 2, 1e-9);
    EXPECT_NEAR(fit.worstPercent, std::max(fit.errors[0], -fit.errors[1]), 1e-9);
    EXPECT_EQ(fit.board, "board");
    EXPECT_EQ(fit.volts, 3);
}

TEST(EnergyFit, EachMistakeIsNamedWithItsLine) {
    EXPECT_THAT(refusal(""), HasSubstr("holds no measurements"));
    EXPECT_THAT(refusal("a,inference\n"), HasSubstr("line 2 of the measurements: it has not three fields"));
    EXPECT_THAT(refusal("a,inference,1uJ,2\n"), HasSubstr("it has not three fields"));
    EXPECT_THAT(refusal("a,inference,7\n"), HasSubstr("'7' is no number above 0 with one of the units pJ"));
    EXPECT_THAT(refusal("a,inference,7mA\n"), HasSubstr("with one of the units pJ"));
    EXPECT_THAT(refusal("a,running,7mJ\n"), HasSubstr("with one of the units nA"));
    EXPECT_THAT(refusal("a,inference,nanmJ\n"), HasSubstr("no number above 0"));
    EXPECT_THAT(refusal("a,inference,-7mJ\n"), HasSubstr("no number above 0"));
    EXPECT_THAT(refusal("\na,layer 2,7mJ\n"),
                HasSubstr("line 3 of the measurements: 'layer 2' is none of the run's 2"));
    EXPECT_THAT(refusal("a,layer x,7mJ\n"), HasSubstr("'layer x' is none"));
    EXPECT_THAT(refusal("c,inference,1uJ\n"), HasSubstr("line 2 of the measurements: 2 networks ran"));
    EXPECT_THAT(refusal("d,running,1mA\n"), HasSubstr("took no cycles"));
    EXPECT_THAT(refusal("a,sleep,7mA\n"), HasSubstr("'sleep' is none of inference, layer N, running"));
    EXPECT_THAT(refusal("a,inference,1uJ\nb,inference,1uJ\n"),
                HasSubstr("line 3 of the measurements: board with SMPS"));
    try {
        fitEnergy("a,b\n", [](const std::string&) -> const Profile& { throw Error("never asked"); });
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("line 1 of the measurements: it must be 'run,part,measured'"));
    }
}

} // namespace
} // namespace simprof
