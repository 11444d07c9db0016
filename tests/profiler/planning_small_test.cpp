// SPDX-License-Identifier: GPL-2.0-or-later
/// Plans of few buffers: against all orders, with alignment, replayed, and read from text.
#include "profiler/planning/planner.h"
#include "profiler/planning/problem_csv.h"
#include "profiler/planning/timeline.h"
#include "sim_core/error.h"
#include "tests/profiler/planning_problems.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <numeric>

namespace simprof {
namespace {

using testing::ElementsAre;
using testing::Eq;

/// The least peak of all orders in which buffers can be put on top of those that live at the same time. A best plan is
/// among them: its buffers by offset.
Bytes leastPeak(const PlanningProblem& problem) {
    const auto& buffers = problem.buffers;
    std::vector<std::size_t> order(buffers.size());
    std::iota(order.begin(), order.end(), 0);
    Bytes least = std::numeric_limits<Bytes>::max();
    do {
        std::vector<Bytes> offsets(buffers.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            for (std::size_t k = 0; k < i; ++k) {
                if (buffers[order[i]].overlaps(buffers[order[k]])) {
                    Bytes top = offsets[order[k]] + buffers[order[k]].size;
                    top += (problem.alignment - top % problem.alignment) % problem.alignment;
                    offsets[order[i]] = std::max(offsets[order[i]], top);
                }
            }
        }
        least = std::min(least, peakOf(problem, offsets));
    } while (std::ranges::next_permutation(order).found);
    return least;
}

PlanningProblem randomProblem(test::PlanningDice& dice, Bytes alignment) {
    PlanningProblem problem;
    problem.alignment = alignment;
    const std::uint64_t count = dice.between(2, 7);
    const std::uint64_t duration = dice.between(3, 10);
    const Bytes largest = dice.between(2, 10);
    while (problem.buffers.size() < count) {
        const std::uint64_t lower = dice.below(duration);
        problem.buffers.push_back(
            {problem.buffers.size(), lower, dice.between(lower + 1, duration), dice.between(1, largest)});
    }
    return problem;
}

TEST(PlanningSmall, NoOrderOfAFewBuffersIsBetter) {
    test::PlanningDice dice(16);
    std::uint64_t searched = 0;
    for (int i = 0; i < 150; ++i) {
        const PlanningProblem problem = randomProblem(dice, std::array<Bytes, 3>{1, 3, 4}[i % 3]);
        SCOPED_TRACE(writePlanningCsv(problem));
        const Bytes least = leastPeak(problem);
        const MemoryPlan plan = planMemory(problem);
        EXPECT_EQ(plan.peak, least);
        EXPECT_EQ(plan.peak, peakOf(problem, plan.offsets));
        EXPECT_EQ(plan.lowerBound, least);
        EXPECT_EQ(plan.end, PlanEnd::Optimal);
        EXPECT_FALSE(findClash(problem, plan.offsets));
        for (const Bytes offset : plan.offsets) {
            EXPECT_EQ(offset % problem.alignment, 0U);
        }
        searched += plan.nodes;
        const MemoryPlan below = planMemory(problem, {.capacity = least - 1});
        EXPECT_EQ(below.end, PlanEnd::CapacityImpossible);
        EXPECT_FALSE(findClash(problem, below.offsets));
        EXPECT_LE(planMemory(problem, {.capacity = least + 1}).peak, least + 1);
    }
    EXPECT_GT(searched, 50U) << "first fit found them all";
}

/// Tries all offsets of all buffers but those in `offsets`, which are placed.
bool fits(const PlanningProblem& problem, Bytes capacity, std::vector<Bytes>& offsets) {
    if (offsets.size() == problem.buffers.size()) {
        return true;
    }
    const PlannedBuffer& buffer = problem.buffers[offsets.size()];
    for (Bytes offset = 0; offset + buffer.size <= capacity; offset += problem.alignment) {
        bool isFree = true;
        for (std::size_t i = 0; i < offsets.size() && isFree; ++i) {
            const PlannedBuffer& other = problem.buffers[i];
            isFree = !buffer.overlaps(other) || offset >= offsets[i] + other.size || offsets[i] >= offset + buffer.size;
        }
        if (isFree) {
            offsets.push_back(offset);
            if (fits(problem, capacity, offsets)) {
                return true;
            }
            offsets.pop_back();
        }
    }
    return false;
}

/// The same bytes live at each time: what lives longer is filled up with buffers of one unit of time.
PlanningProblem filledProblem(test::PlanningDice& dice, Bytes alignment) {
    const std::uint64_t duration = dice.between(6, 8);
    const std::uint64_t count = dice.between(5, 8);
    PlanningProblem problem;
    problem.alignment = alignment;
    std::vector<Bytes> live(duration);
    while (problem.buffers.size() < count) {
        const std::uint64_t lower = dice.below(duration);
        const PlannedBuffer buffer = {problem.buffers.size(), lower, dice.between(lower + 1, duration),
                                      dice.between(1, 3)};
        for (std::uint64_t time = buffer.lower; time < buffer.upper; ++time) {
            live[time] += buffer.size;
        }
        problem.buffers.push_back(buffer);
    }
    const Bytes most = *std::ranges::max_element(live);
    for (std::uint64_t time = 0; time < duration; ++time) {
        if (live[time] < most) {
            problem.buffers.push_back({problem.buffers.size(), time, time + 1, most - live[time]});
        }
    }
    return problem;
}

TEST(PlanningSmall, WhatIsProvedImpossibleIsWhereMoreThanTheLiveBytesAreNeeded) {
    test::PlanningDice dice(5);
    std::size_t above = 0;
    for (int i = 0; i < 600; ++i) {
        const PlanningProblem problem = filledProblem(dice, i % 4 == 3 ? 2 : 1);
        SCOPED_TRACE(writePlanningCsv(problem));
        const MemoryPlan plan = planMemory(problem);
        EXPECT_EQ(plan.end, PlanEnd::Optimal);
        EXPECT_FALSE(findClash(problem, plan.offsets));
        std::vector<Bytes> offsets;
        EXPECT_FALSE(fits(problem, plan.peak - 1, offsets));
        above += plan.peak > cutTimelines(problem).front().liveBound ? 1 : 0;
    }
    EXPECT_GT(above, 3U) << "the bound of live bytes is met by all";
}

TEST(PlanningSmall, TheHighestBufferNeedsNoRoomBehindIt) {
    const PlanningProblem problem{{{0, 0, 2, 17}, {1, 1, 3, 5}}, 16};
    const MemoryPlan plan = planMemory(problem);
    EXPECT_EQ(plan.peak, 16U + 17U) << "the other way round it is 32 + 5";
    EXPECT_TRUE(plan.isOptimal());
    EXPECT_THAT(plan.offsets, ElementsAre(16, 0));
}

TEST(PlanningSmall, NothingNeedsNothing) {
    const MemoryPlan plan = planMemory({});
    EXPECT_EQ(plan.peak, 0U);
    EXPECT_EQ(plan.end, PlanEnd::Optimal);
}

TEST(PlanningSmall, ReplayFindsABufferThatIsOneByteOff) {
    const PlanningProblem problem = test::problemOf({.seed = 3, .pieces = 60});
    const std::vector<Bytes> offsets = planMemory(problem).offsets;
    ASSERT_FALSE(findClash(problem, offsets));
    std::size_t moved = 0;
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        std::vector<Bytes> wrong = offsets;
        ++wrong[i];
        const auto clash = findClash(problem, wrong);
        // In a full rectangle a byte further up belongs to another buffer, except at the top.
        if (wrong[i] + problem.buffers[i].size > 4096) {
            EXPECT_FALSE(clash);
            continue;
        }
        ASSERT_TRUE(clash) << i;
        EXPECT_TRUE(clash->first == i || clash->second == i);
        const std::size_t other = clash->first == i ? clash->second : clash->first;
        EXPECT_TRUE(problem.buffers[i].overlaps(problem.buffers[other]));
        EXPECT_GT(wrong[i] + problem.buffers[i].size, wrong[other]);
        ++moved;
    }
    EXPECT_GT(moved, 30U);
}

TEST(PlanningSmall, ReplayReusesBytesAtTheMomentTheyAreFree) {
    const PlanningProblem problem{{{0, 0, 5, 8}, {1, 5, 9, 8}}};
    EXPECT_FALSE(findClash(problem, {0, 0}));
    EXPECT_TRUE(findClash({{{0, 0, 6, 8}, {1, 5, 9, 8}}}, {0, 0}));
    EXPECT_TRUE(findClash({{{0, 0, 6, 8}, {1, 5, 9, 8}}}, {7, 0}));
    EXPECT_FALSE(findClash({{{0, 0, 6, 8}, {1, 5, 9, 8}}}, {8, 0}));
}

TEST(PlanningCsv, ReadsWhatItWrites) {
    const std::string problem = "id,lower,upper,size\n7,0,10,100\n3,5,18446744073709551615,1\n";
    const PlanningFile file = readPlanningCsv(problem, "a.csv");
    EXPECT_EQ(writePlanningCsv(file.problem), problem);
    EXPECT_TRUE(file.offsets.empty());
    const std::string plan = "id,lower,upper,size,offset\n7,0,10,100,1\n3,5,7,1,0\n";
    EXPECT_THAT(readPlanningCsv(plan, "a.csv").offsets, ElementsAre(1, 0));
    EXPECT_EQ(writePlanningCsv(readPlanningCsv(plan, "a.csv").problem, {1, 0}), plan);
    EXPECT_EQ(writePlanningCsv(readPlanningCsv("id,lower,upper,size\r\n\r\n7,0,10,100", "").problem),
              "id,lower,upper,size\n7,0,10,100\n");
}

/// What is said of a file "p.csv" that begins with the usual line.
std::string refused(const std::string& rows, const std::string& header = "id,lower,upper,size\n") {
    try {
        readPlanningCsv(header + rows, "p.csv");
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

TEST(PlanningCsv, BadInputIsOneSentenceWithItsLine) {
    const std::string number = " must be a whole number of at most 64 bits, not '";
    EXPECT_THAT(refused("", ""), Eq("p.csv:1: a planning problem begins with the line 'id,lower,upper,size' or "
                                    "'id,lower,upper,size,offset'"));
    EXPECT_THAT(refused(""), Eq("p.csv:1: there are no buffers"));
    EXPECT_THAT(refused("0,1,2\n"), Eq("p.csv:2: 3 fields, where the first line names 4"));
    EXPECT_THAT(refused("0,1,2,3,4\n"), Eq("p.csv:2: 5 fields, where the first line names 4"));
    EXPECT_THAT(refused("0,1,2,3\n1,1,2,x\n"), Eq("p.csv:3: size" + number + "x'"));
    EXPECT_THAT(refused("0,-1,2,3\n"), Eq("p.csv:2: lower" + number + "-1'"));
    EXPECT_THAT(refused("0,1,,3\n"), Eq("p.csv:2: upper" + number + "'"));
    EXPECT_THAT(refused("1e3,1,2,3\n"), Eq("p.csv:2: id" + number + "1e3'"));
    EXPECT_THAT(refused("18446744073709551616,1,2,3\n"), Eq("p.csv:2: id" + number + "18446744073709551616'"));
    EXPECT_THAT(refused("0,1,2,3, 5\n", "id,lower,upper,size,offset\n"), Eq("p.csv:2: offset" + number + " 5'"));
    EXPECT_THAT(refused("4,9,9,3\n"), Eq("p.csv:2: buffer 4 ends at 9, not after it begins at 9"));
    EXPECT_THAT(refused("4,1,9,0\n"), Eq("p.csv:2: buffer 4 has no bytes: leave it out"));
    EXPECT_THAT(refused("4,1,9,1\n\n4,1,9,1\n"), Eq("p.csv:4: id 4 is taken by line 2"));
    EXPECT_THAT(refused("4,1,9,1152921504606846976\n5,1,9,1\n"), Eq("p.csv:3: more than 2^60 bytes cannot be planned"));
}

} // namespace
} // namespace simprof
