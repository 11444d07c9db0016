// SPDX-License-Identifier: GPL-2.0-or-later
/// Plans byte by byte of few bytes: against all offsets, and replayed.
#include "profiler/planning/forbidden_offsets.h"
#include "profiler/planning/overlay_planner.h"
#include "tests/profiler/planning_problems.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace simprof {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

bool never() { return false; }

/// Buffers of up to `most` bytes, some of which are never needed.
OverlayProblem randomProblem(test::PlanningDice& dice, std::size_t buffers, std::uint64_t most, Bytes alignment) {
    OverlayProblem problem;
    problem.alignment = alignment;
    for (std::size_t i = 0; i < buffers; ++i) {
        std::vector<ByteSpan> bytes(dice.between(1, most));
        for (ByteSpan& byte : bytes) {
            const auto first = static_cast<std::uint32_t>(dice.below(12));
            byte = {first, first + static_cast<std::uint32_t>(dice.below(5)) - (dice.below(9) == 0 ? 1 : 0)};
        }
        problem.buffers.push_back({i, std::move(bytes)});
    }
    return problem;
}

bool shareAtOnce(const OverlayBuffer& a, const OverlayBuffer& b, std::int64_t distance) {
    for (std::size_t i = 0; i < a.bytes.size(); ++i) {
        const std::int64_t k = static_cast<std::int64_t>(i) - distance;
        if (k >= 0 && k < static_cast<std::int64_t>(b.bytes.size()) && a.bytes[i].isNeeded() &&
            b.bytes[static_cast<std::size_t>(k)].isNeeded() && a.bytes[i].meets(b.bytes[static_cast<std::size_t>(k)])) {
            return true;
        }
    }
    return false;
}

TEST(OverlaySmall, ForbiddenDistancesAreThoseAtWhichBytesMeet) {
    test::PlanningDice dice(7);
    for (int i = 0; i < 3000; ++i) {
        const Bytes alignment = std::array<Bytes, 3>{1, 2, 4}[i % 3];
        const OverlayProblem problem = randomProblem(dice, 2, 14, alignment);
        const OverlayBuffer& a = problem.buffers[0];
        const OverlayBuffer& b = problem.buffers[1];
        HoleBudget budget;
        const ForbiddenOffsets forbidden = forbiddenOffsets(a, b, alignment, budget);
        const auto step = static_cast<std::int64_t>(alignment);
        Bytes least = 1000;
        for (std::int64_t distance = -16 * step; distance <= 16 * step; distance += step) {
            const bool isForbidden =
                std::ranges::any_of(forbidden, [&](const OffsetRange& range) { return range.contains(distance); });
            ASSERT_EQ(isForbidden, shareAtOnce(a, b, distance)) << distance;
            if (!isForbidden) {
                const auto end = std::max(static_cast<std::int64_t>(a.bytes.size()),
                                          distance + static_cast<std::int64_t>(b.bytes.size()));
                least = std::min(least, static_cast<Bytes>(end - std::min<std::int64_t>(0, distance)));
            }
        }
        ASSERT_EQ(leastSpan(a.bytes.size(), b.bytes.size(), forbidden, alignment), least);
    }
}

TEST(OverlaySmall, WithoutTimeForHolesAllBetweenTheEndsIsForbidden) {
    const OverlayBuffer a{0, {{0, 9}, {}, {}, {}, {0, 9}}};
    const OverlayBuffer b{1, {{0, 9}}};
    HoleBudget budget;
    EXPECT_THAT(forbiddenOffsets(a, b, 1, budget), ElementsAre(OffsetRange{0, 0}, OffsetRange{4, 4}));
    EXPECT_FALSE(budget.isExhausted);
    budget.comparisons = 1;
    EXPECT_THAT(forbiddenOffsets(a, b, 1, budget), ElementsAre(OffsetRange{0, 4}));
    EXPECT_TRUE(budget.isExhausted);
}

/// The least peak of all offsets below `most`.
Bytes leastPeak(const OverlayProblem& problem, Bytes most) {
    std::vector<Bytes> offsets;
    Bytes least = ~Bytes{0};
    const auto tryAll = [&](auto&& self) -> void {
        if (offsets.size() == problem.buffers.size()) {
            if (!findOverwrite(problem, offsets)) {
                least = std::min(least, peakOf(problem, offsets));
            }
            return;
        }
        for (Bytes offset = 0; offset < most; offset += problem.alignment) {
            offsets.push_back(offset);
            self(self);
            offsets.pop_back();
        }
    };
    tryAll(tryAll);
    return least;
}

TEST(OverlaySmall, NoOffsetsAreBetter) {
    test::PlanningDice dice(3);
    std::uint64_t searched = 0;
    for (int i = 0; i < 120; ++i) {
        const OverlayProblem problem = randomProblem(dice, 3, 5, i % 3 == 2 ? 2 : 1);
        const auto constraints = constraintsOf(problem, never);
        ASSERT_TRUE(constraints && constraints->isExact);
        std::vector<Bytes> apart;
        for (std::size_t k = 0; k < problem.buffers.size(); ++k) {
            apart.push_back(6 * k);
        }
        const MemoryPlan plan = planOverlay(*constraints, mostLiveBytes(problem), apart, never);
        ASSERT_FALSE(findOverwrite(problem, plan.offsets));
        ASSERT_EQ(plan.peak, peakOf(problem, plan.offsets));
        ASSERT_EQ(plan.peak, leastPeak(problem, 11));
        ASSERT_EQ(plan.end, PlanEnd::Optimal);
        searched += plan.nodes;
    }
    EXPECT_GT(searched, 20U) << "first fit found them all";
}

TEST(OverlaySmall, AnOutputFollowsItsInputAtTheDistanceOfTheKernel) {
    // Four bytes are read one after the other, and an output byte is written behind each read.
    const OverlayProblem problem{
        {{0, {{0, 10}, {0, 20}, {0, 30}, {0, 40}}}, {1, {{11, 99}, {21, 99}, {31, 99}, {41, 99}}}}, 1};
    HoleBudget budget;
    EXPECT_THAT(forbiddenOffsets(problem.buffers[0], problem.buffers[1], 1, budget), ElementsAre(OffsetRange{1, 3}));
    EXPECT_EQ(mostLiveBytes(problem), 4U);
    const auto constraints = constraintsOf(problem, never);
    EXPECT_EQ(largestSpan(*constraints), 4U);
    EXPECT_THAT(constraints->neighbours[0][0].forbidden, ElementsAre(OffsetRange{-3, -1})) << "seen from the input";
    EXPECT_THAT(planOverlay(*constraints, 4, {0, 4}, never).offsets, ElementsAre(0, 0));
}

TEST(OverlaySmall, ReplayFailsWhenATensorIsMovedByOneByteIntoALiveOne) {
    const OverlayProblem problem{
        {{0, {{0, 10}, {0, 20}, {0, 30}, {0, 40}}}, {1, {{11, 99}, {21, 99}, {31, 99}, {41, 99}}}}, 1};
    EXPECT_FALSE(findOverwrite(problem, {0, 0}));
    const auto overwrite = findOverwrite(problem, {0, 1});
    ASSERT_TRUE(overwrite);
    EXPECT_EQ(overwrite->victim, 0U);
    EXPECT_EQ(overwrite->by, 1U);
    EXPECT_EQ(overwrite->byte, 1U) << "it is written at 11 and read at 20";
    EXPECT_EQ(overwrite->at, 20U);
    EXPECT_FALSE(findOverwrite(problem, {1, 0}));
    EXPECT_FALSE(findOverwrite(problem, {0, 4}));
}

TEST(OverlaySmall, ReplayCountsBytesThatAreWrittenAndNeverRead) {
    EXPECT_TRUE(findOverwrite({{{0, {{0, 10}}}, {1, {{5, 5}}}}, 1}, {0, 0})) << "the write at 5 destroys what 10 reads";
    EXPECT_FALSE(findOverwrite({{{0, {{0, 10}}}, {1, {ByteSpan{}}}}, 1}, {0, 0})) << "nobody touches it";
}

TEST(OverlaySmall, NothingNeedsNothing) {
    const auto constraints = constraintsOf({}, never);
    const MemoryPlan plan = planOverlay(*constraints, 0, {}, never);
    EXPECT_EQ(plan.peak, 0U);
    EXPECT_TRUE(plan.isOptimal());
    EXPECT_THAT(plan.offsets, IsEmpty());
}

TEST(OverlaySmall, NoTimeGivesTheHint) {
    const OverlayProblem problem{{{0, {{0, 9}}}, {1, {{3, 4}}}}, 1};
    EXPECT_FALSE(constraintsOf(problem, [] { return true; }));
    const auto constraints = constraintsOf(problem, never);
    const MemoryPlan plan = planOverlay(*constraints, 1, {1, 0}, [] { return true; });
    EXPECT_EQ(plan.peak, 2U);
}

} // namespace
} // namespace simprof
