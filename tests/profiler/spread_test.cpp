// SPDX-License-Identifier: GPL-2.0-or-later
// Buffers over several memories.
#include "profiler/planning/spread.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

using testing::ElementsAre;

/// A chain of layers: each buffer lives with the one before and the one after it.
PlanningProblem chain(const std::vector<Bytes>& sizes) {
    PlanningProblem problem;
    for (std::uint64_t i = 0; i < sizes.size(); ++i) {
        problem.buffers.push_back({i, 10 * i, 10 * i + 15, sizes[i]});
    }
    return problem;
}

std::vector<std::size_t> memories(const SpreadPlan& plan) {
    std::vector<std::size_t> result;
    for (const SpreadPlace& place : plan.places) {
        result.push_back(place.memory);
    }
    return result;
}

TEST(Spread, OneMemoryTakesAllThatFits) {
    const auto plan = spread(chain({100, 50, 100}), {1, 1, 1}, {150, 1000}, 1);
    ASSERT_TRUE(plan);
    EXPECT_THAT(memories(*plan), ElementsAre(0, 0, 0));
    EXPECT_THAT(plan->peaks, ElementsAre(150, 0));
    EXPECT_THAT(plan->traffic, ElementsAre(3, 0));
}

TEST(Spread, TheFirstMemoryTakesWhatIsAccessedMostForItsSize) {
    const auto plan = spread(chain({100, 50, 100, 40}), {900, 100, 950, 700}, {140, 1000}, 1);
    ASSERT_TRUE(plan);
    EXPECT_THAT(memories(*plan), ElementsAre(0, 1, 0, 0)) << "100 + 40 live at once, 50 is read seldom";
    EXPECT_THAT(plan->traffic, ElementsAre(2550, 100));
}

TEST(Spread, ExchangesOneForAnotherThatIsAccessedMore) {
    // By accesses a byte the small one comes first and keeps the large one out, which has more of them.
    const auto plan = spread(chain({10, 95}), {200, 1000}, {100, 1000}, 1);
    ASSERT_TRUE(plan);
    EXPECT_THAT(memories(*plan), ElementsAre(1, 0));
}

TEST(Spread, WhatFitsNowhereIsNoPlan) {
    EXPECT_FALSE(spread(chain({100, 100}), {1, 1}, {50, 150}, 1));
    EXPECT_TRUE(spread(chain({100, 100}), {1, 1}, {50, 100, 100}, 1));
}

} // namespace
} // namespace simprof
