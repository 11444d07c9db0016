// SPDX-License-Identifier: GPL-2.0-or-later
// Reports that other programs draw: stacks, flame graphs, traces.
#include "profiler/report/stacks.h"
#include "tests/profiler/report_samples.h"
#include "tests/support/golden.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace simprof {
namespace {

using nlohmann::json;
using test::expectGolden;
using test::linesOf;
using test::report;
using test::sampleProfile;
using testing::HasSubstr;

TEST(Report, StacksOfTheSample) {
    const Profile profile = sampleProfile();
    expectGolden("report_stacks.txt", report(profile, "collapsed") + "\n" + report(profile, "callgrind"));
    Cycles sum = 0;
    for (const StackSample& sample : stackSamples(profile)) {
        sum += sample.cycles;
    }
    EXPECT_EQ(sum, profile.totals.cycles);
}

TEST(Report, ADeepRecursionIsFolded) {
    Profile profile;
    profile.functions.resize(1);
    for (std::int32_t i = 0; i < 100'000; ++i) {
        profile.callTree.push_back({i - 1, 0, 1, 1, 1, -1});
    }
    const auto samples = stackSamples(profile);
    EXPECT_EQ(samples.size(), 256u);
    EXPECT_EQ(samples.back().cycles, 100'000u - 255u);
}

TEST(Report, PerfettoHasSlicesAndCounters) {
    const Profile profile = sampleProfile();
    const json trace = json::parse(report(profile, "perfetto"));
    std::map<std::string, std::size_t> phases;
    std::map<int, std::size_t> slices;
    for (const json& event : trace["traceEvents"]) {
        const std::string phase = event["ph"];
        ++phases[phase];
        if (phase == "X") {
            ++slices[event["tid"]];
            EXPECT_GE(event["dur"].get<double>(), 0);
            EXPECT_GE(event["ts"].get<double>(), 0);
        }
    }
    EXPECT_EQ(slices[1], profile.inferences.size());
    EXPECT_EQ(slices[2], profile.inferences.size() * profile.layers.size());
    EXPECT_EQ(slices[3], profile.callSpans.size());
    EXPECT_EQ(slices[4], profile.exceptionSpans.size());
    EXPECT_EQ(phases["C"], profile.memory.live.size() + profile.memory.stackSamples.size() + profile.power.size() + 1 +
                               profile.clocks.size());
}

TEST(Report, PerfettoHasATrackOfThreads) {
    Profile profile = sampleProfile();
    profile.threads = {{"net", "FreeRTOS", 0x20000100, 700, 2, 0, 0}, {"IDLE", "FreeRTOS", 0x20000200, 300, 1, 0, 0}};
    profile.threadSpans = {{0, 100, 300}, {1, 400, 300}, {0, 700, 400}};
    const json trace = json::parse(report(profile, "perfetto"));
    std::vector<std::string> names;
    for (const json& event : trace["traceEvents"]) {
        if (event["ph"] == "X" && event["tid"] == 6) {
            names.push_back(event["name"].get<std::string>() + " " + event["args"]["cycles"].dump());
        }
    }
    EXPECT_THAT(names, testing::ElementsAre("net 300", "IDLE 300", "net 400"));
}

TEST(Report, SpeedscopeEventsNest) {
    const Profile profile = sampleProfile();
    const json file = json::parse(report(profile, "speedscope"));
    ASSERT_EQ(file["profiles"].size(), 2u);
    EXPECT_EQ(file["shared"]["frames"].size(), profile.functions.size());
    Cycles weights = 0;
    for (const json& weight : file["profiles"][0]["weights"]) {
        weights += weight.get<Cycles>();
    }
    EXPECT_EQ(weights, profile.totals.cycles);
    std::vector<int> open;
    Cycles last = 0;
    for (const json& event : file["profiles"][1]["events"]) {
        EXPECT_GE(event["at"].get<Cycles>(), last);
        last = event["at"];
        if (event["type"] == "O") {
            open.push_back(event["frame"]);
        } else {
            ASSERT_FALSE(open.empty());
            EXPECT_EQ(open.back(), event["frame"].get<int>());
            open.pop_back();
        }
    }
    EXPECT_TRUE(open.empty());
}

TEST(Report, SlicesOfThreadsNestInPerfetto) {
    Profile profile = sampleProfile();
    profile.callSpans = {{0, 0, 100, 50}, {1, 1, 120, 80}}; // a thread's call goes on behind the handler that switched
    const json trace = json::parse(report(profile, "perfetto"));
    std::vector<std::uint64_t> cycles;
    for (const json& event : trace["traceEvents"]) {
        if (event["ph"] == "X" && event["tid"] == 3) {
            cycles.push_back(event["args"]["cycles"]);
        }
    }
    EXPECT_EQ(cycles, (std::vector<std::uint64_t>{50, 30}));
}

} // namespace
} // namespace simprof
