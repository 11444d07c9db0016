// SPDX-License-Identifier: GPL-2.0-or-later
// A profile of two networks: what is shown of both, and of one alone.
#include "profiler/analysis/network_slice.h"

#include "profiler/analysis/diff.h"
#include "profiler/analysis/inference_mean.h"
#include "profiler/budget/budget.h"
#include "profiler/profile_json.h"
#include "profiler/report/report.h"
#include "sim_core/error.h"
#include "tests/support/two_networks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simprof {
namespace {

using testing::HasSubstr;
using testing::Not;

using test::twoNetworks;

Cycles allOwned(const Profile& profile) {
    Cycles sum = 0;
    for (const LayerInfo& layer : profile.layers) {
        sum += layer.cycles;
    }
    for (const Owner& owner : profile.owners) {
        sum += owner.cycles;
    }
    return sum;
}

TEST(NetworkSlice, HoldsOneNetworkAndTheCyclesOfTheOtherAsAnOwner) {
    const Profile whole = twoNetworks();
    const Profile wake = ofNetwork(whole, 1);
    EXPECT_EQ(wake.network.name, "wake");
    ASSERT_EQ(wake.layers.size(), 2U);
    EXPECT_EQ(wake.layers[1].id, 1);
    ASSERT_EQ(wake.inferences.size(), 2U);
    EXPECT_EQ(wake.inferences[1].index, 1U);
    EXPECT_EQ(wake.inferences[1].spans[1].layer, 1);
    ASSERT_EQ(wake.memory.tensors.size(), 1U);
    EXPECT_EQ(wake.memory.tensors[0].writer, 0);
    EXPECT_EQ(wake.memory.tensors[0].readers, std::vector<std::int32_t>{1});
    EXPECT_EQ(wake.memory.arena->sizeBytes, 640U);
    EXPECT_EQ(wake.memory.inference, 0U);
    EXPECT_EQ(wake.owners.back().name, "[network 1 " + whole.network.name + "]");
    EXPECT_EQ(allOwned(wake), whole.totals.cycles);
    EXPECT_EQ(fromJson(toJson(wake)), wake) << "it is a profile as any other";

    const Profile first = ofNetwork(whole, 0);
    EXPECT_EQ(first.layers.size(), whole.layers.size() - 2);
    EXPECT_EQ(first.owners.back().cycles, 2400U);
    EXPECT_EQ(allOwned(first), whole.totals.cycles);
}

TEST(NetworkSlice, TheOnlyNetworkIsTheWholeProfile) {
    const Profile profile = test::sampleProfile();
    Profile slice = ofNetwork(profile, 0);
    slice.findings = profile.findings; // the sample's are not made by the rules
    EXPECT_EQ(slice, profile);
}

TEST(NetworkSlice, NetworksAreFoundByNameTitleAndNumber) {
    const Profile profile = twoNetworks();
    for (const char* name : {"wake", "2 wake", "2"}) {
        EXPECT_EQ(findNetwork(profile, name), 1U) << name;
    }
    try {
        findNetwork(profile, "wkae");
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("there is no network 'wkae': those that ran are 1 "));
        EXPECT_THAT(error.what(), HasSubstr(", 2 wake"));
    }
    EXPECT_THROW(findNetwork(profile, "3"), Error);
    EXPECT_THROW(findNetwork(profile, "0"), Error);
}

TEST(NetworkSlice, MeansAreEachNetworksOwn) {
    const Profile profile = twoNetworks();
    EXPECT_EQ(inferenceMean(profile, 1).cycles, 1200);
    EXPECT_EQ(inferenceMean(profile, 1).macs, 500U);
    EXPECT_EQ(inferenceMean(profile, 0).cycles, inferenceMean(test::sampleProfile()).cycles);
    EXPECT_THAT(inferenceCountOfAll(profile), HasSubstr(" inferences of 2 networks"));
}

TEST(NetworkSlice, ReportsShowAllNetworksOrTheOneThatIsAskedFor) {
    const Profile profile = twoNetworks();
    EXPECT_THAT(writeReport(profile, findReportFormat("github"), {}), HasSubstr(", 2 wake: 2 inferences, 1,200"));
    for (const char* format : {"text", "markdown", "html", "csv", "junit", "benchmark", "json"}) {
        const ReportFormat& writer = findReportFormat(format);
        const std::string both = writeReport(profile, writer, {});
        EXPECT_THAT(both, HasSubstr("hear")) << format;
        EXPECT_THAT(both, HasSubstr("DEPTHWISE")) << format;
        ReportOptions options;
        options.network = "wake";
        const std::string one = writeReport(profile, writer, options);
        EXPECT_THAT(one, HasSubstr("hear")) << format;
        EXPECT_THAT(one, Not(HasSubstr(profile.layers.front().name))) << format;
    }
}

TEST(NetworkSlice, TheGateLooksAtEachNetwork) {
    const Profile base = twoNetworks();
    EXPECT_TRUE(checkBaseline(base, base, {}).passed());
    Profile now = base;
    now.memory.further[0].arena->usedBytes += 16;
    now.layers.back().cycles += 100;
    now.networks[1].cycles += 100;
    now.totals.cycles += 100;
    const GateResult result = checkBaseline(base, now, {});
    std::string violated;
    for (const Check& check : result.checks) {
        violated += check.isViolated() ? check.where + " " + check.metric + "\n" : "";
    }
    EXPECT_THAT(violated, HasSubstr("SOFTMAX decide cycles\n"));
    EXPECT_THAT(violated, HasSubstr("memory of 2 wake arena_used_bytes\n"));

    const Budget budget = parseBudget(R"({"schema": "simprof-budget/1", "inference": {"cycles": 1100},
                                          "memory": {"arena_size_bytes": 1000000}})");
    std::string checked;
    for (const Check& check : checkBudget(budget, base).checks) {
        checked += fmt::format("{}: {}\n", check.where, check.isViolated() ? "too much" : "fine");
    }
    EXPECT_THAT(checked, HasSubstr("inference of 2 wake: too much\n"));
    EXPECT_THAT(checked, HasSubstr("memory of 2 wake: fine\n"));
}

TEST(NetworkSlice, OneNetworkLessIsNoLikeForLike) {
    EXPECT_THAT(unlikeness(twoNetworks(), test::sampleProfile()), testing::Contains("networks: 2 before, 1 now"));
}

TEST(NetworkSlice, AnOlderProfileHasTheOneNetworkItNames) {
    std::string text = toJson(test::sampleProfile());
    const std::size_t begin = text.find("\"networks\"");
    const std::size_t end = text.find("\"layers\"", begin);
    ASSERT_NE(end, std::string::npos);
    text.erase(begin, end - begin);
    EXPECT_EQ(networksThatRan(fromJson(text)), 1U);
}

TEST(NetworkSlice, AProfileThatNamesANetworkItDoesNotHoldIsRefused) {
    Profile profile = twoNetworks();
    profile.layers.back().network = 2;
    EXPECT_THROW(fromJson(toJson(profile)), Error);
    profile = twoNetworks();
    profile.networks.front().state = NetworkState::Unused;
    EXPECT_THROW(fromJson(toJson(profile)), Error);
    profile = twoNetworks();
    profile.memory.further[0].inference = 99;
    EXPECT_THROW(fromJson(toJson(profile)), Error);
}

} // namespace
} // namespace simprof
