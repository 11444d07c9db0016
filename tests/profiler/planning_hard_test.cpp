// SPDX-License-Identifier: GPL-2.0-or-later
/// Problems that first fit does not solve: rectangles cut into pieces, the public problems, and very many buffers.
#include "profiler/files.h"
#include "profiler/planning/first_fit.h"
#include "profiler/planning/planner.h"
#include "profiler/planning/problem_csv.h"
#include "tests/profiler/planning_problems.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <ostream>

namespace simprof {

void PrintTo(PlanEnd end, std::ostream* out) { *out << static_cast<int>(end); }

namespace {

constexpr Bytes kPublicCapacity = 1'048'576;

Bytes firstFitPeak(const PlanningProblem& problem) {
    Bytes peak = 0;
    for (const Timeline& timeline : cutTimelines(problem)) {
        peak = std::max(peak, firstFit(timeline, [] { return false; }).peak);
    }
    return peak;
}

TEST(PlanningHard, CutRectanglesAreMadeWholeAgain) {
    std::size_t hard = 0;
    for (const test::CutRectangle& rectangle : {
             test::CutRectangle{.seed = 1, .pieces = 60},
             test::CutRectangle{.seed = 2, .pieces = 60, .missingPercent = 10},
             test::CutRectangle{.seed = 3, .pieces = 100},
             test::CutRectangle{.seed = 4, .pieces = 100, .duration = 40, .height = 64, .missingPercent = 10},
             test::CutRectangle{.seed = 3, .pieces = 200, .duration = 40, .height = 64, .missingPercent = 10},
             test::CutRectangle{.seed = 1, .pieces = 300},
             test::CutRectangle{.seed = 2, .pieces = 300},
         }) {
        SCOPED_TRACE(rectangle.seed * 1000 + rectangle.pieces);
        const PlanningProblem problem = test::problemOf(rectangle);
        const MemoryPlan plan = planMemory(problem, {.seconds = 120});
        EXPECT_EQ(plan.peak, rectangle.height);
        EXPECT_EQ(plan.lowerBound, rectangle.height);
        EXPECT_EQ(plan.end, PlanEnd::Optimal);
        EXPECT_FALSE(findClash(problem, plan.offsets));
        hard += firstFitPeak(problem) > rectangle.height ? 1 : 0;
    }
    EXPECT_GE(hard, 5U) << "first fit solves them";
}

TEST(PlanningHard, TheBestPlanMayTakeMoreThanWhatLivesAtOnce) {
    const PlanningProblem problem =
        readPlanningCsv("id,lower,upper,size\n"
                        "0,2,8,3\n1,2,6,1\n2,1,4,2\n3,1,8,2\n4,3,7,1\n5,7,8,3\n6,7,8,2\n"
                        "7,0,1,10\n8,1,2,6\n9,2,3,2\n10,3,4,1\n11,4,5,3\n12,5,6,3\n13,6,7,4\n",
                        "")
            .problem;
    EXPECT_EQ(cutTimelines(problem).back().liveBound, 10U);
    const MemoryPlan plan = planMemory(problem);
    EXPECT_EQ(plan.peak, 11U);
    EXPECT_EQ(plan.lowerBound, 11U);
    EXPECT_EQ(plan.end, PlanEnd::Optimal);
    EXPECT_EQ(planMemory(problem, {.capacity = 10}).end, PlanEnd::CapacityImpossible);
    EXPECT_EQ(planMemory(problem, {.capacity = 11}).end, PlanEnd::CapacityMet);
}

TEST(PlanningHard, TheSameProblemGivesTheSamePlan) {
    const PlanningProblem problem = test::problemOf({.seed = 9, .pieces = 120, .missingPercent = 5});
    const MemoryPlan first = planMemory(problem, {.seconds = 120});
    const MemoryPlan second = planMemory(problem, {.seconds = 110});
    EXPECT_EQ(first.offsets, second.offsets);
    EXPECT_EQ(first.nodes, second.nodes);
}

TEST(PlanningHard, AHundredThousandBuffersEndInTime) {
    for (const std::uint64_t longest : {100, 900'000}) {
        test::PlanningDice dice(7);
        PlanningProblem problem;
        while (problem.buffers.size() < 100'000) {
            const std::uint64_t lower = dice.below(1'000'000);
            problem.buffers.push_back(
                {problem.buffers.size(), lower, lower + dice.between(1, longest), dice.between(1, 100'000)});
        }
        const auto begin = std::chrono::steady_clock::now();
        const MemoryPlan plan = planMemory(problem, {.seconds = 0.5});
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        EXPECT_LT(seconds.count(), 60) << "the first plan alone takes a part of a second on an idle machine";
        EXPECT_FALSE(findClash(problem, plan.offsets));
        EXPECT_GT(plan.lowerBound, 0U);
        EXPECT_GE(plan.peak, plan.lowerBound);
        EXPECT_LE(plan.peak, 4 * plan.lowerBound);
        EXPECT_TRUE(plan.isOptimal() || plan.end == PlanEnd::TimeLimit || plan.end == PlanEnd::TooLarge);
    }
}

class PublicProblem : public testing::TestWithParam<char> {};

/// Those of google/minimalloc, where they lie beside the checkout; docs/PLANNING.md has the times of all.
TEST_P(PublicProblem, IsSolved) {
    const std::string path = std::string(SIMPROF_SOURCE_DIR) + "/../shared/planning/" + GetParam() + ".1048576.csv";
    if (!std::filesystem::exists(path)) {
        GTEST_SKIP() << "there is no " << path;
    }
    const PlanningProblem problem = readPlanningCsv(readFile(path), path).problem;
    const MemoryPlan plan = planMemory(problem, {.capacity = kPublicCapacity, .seconds = 60});
    EXPECT_LE(plan.peak, kPublicCapacity);
    EXPECT_FALSE(findClash(problem, plan.offsets));
    const bool isBest = std::string_view("CDJ").find(GetParam()) == std::string_view::npos;
    EXPECT_EQ(plan.end, isBest ? PlanEnd::Optimal : PlanEnd::CapacityMet);
    if (isBest) {
        EXPECT_EQ(plan.lowerBound, kPublicCapacity);
    }
}

INSTANTIATE_TEST_SUITE_P(Minimalloc, PublicProblem,
                         testing::Values('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K'),
                         [](const auto& row) { return std::string(1, row.param); });

} // namespace
} // namespace simprof
