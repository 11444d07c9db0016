// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/memory_planner.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "test_support.h"

namespace simprof::runtime {
namespace {

struct Row {
    std::int32_t size;
    std::int16_t first, last;
    std::int32_t offset; ///< expected
};

void expectPlan(const std::vector<Row>& rows, std::size_t bytes) {
    std::vector<PlannedBuffer> buffers;
    for (const Row& row : rows) {
        buffers.push_back({row.size, row.first, row.last, kAnywhere, nullptr});
    }
    std::vector<std::int16_t> order(rows.size());
    EXPECT_EQ(planGreedily(buffers.data(), static_cast<std::int32_t>(rows.size()), order.data()), bytes);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(buffers[i].offset, rows[i].offset) << "buffer " << i;
    }
}

TEST(PlanGreedily, NothingNeedsNothing) { expectPlan({}, 0); }

TEST(PlanGreedily, AChainUsesBothEnds) { expectPlan({{32, 0, 1, 64}, {64, 1, 2, 0}, {16, 2, 3, 64}}, 96); }

TEST(PlanGreedily, OfEqualsTheLaterComesFirst) { expectPlan({{16, 0, 1, 16}, {16, 1, 2, 0}}, 32); }

TEST(PlanGreedily, FillsTheGapThatFits) {
    // 64 at 0 through step 3; 48 above it; the 32 that outlives the 64 cannot use its place, the 16 of step 5 can.
    expectPlan({{64, 0, 3, 0}, {48, 2, 6, 64}, {32, 3, 6, 112}, {16, 5, 6, 0}}, 144);
}

TEST(PlanGreedily, WhatLiesSomewhereAlreadyStaysThere) {
    PlannedBuffer buffers[] = {{32, 0, 2, kAnywhere, nullptr},
                               {64, 0, 1, 48, nullptr},
                               {64, 1, 2, 32, nullptr},
                               {64, 1, 1, kAnywhere, nullptr}};
    std::int16_t order[4];
    EXPECT_EQ(planGreedily(buffers, 4, order), 176U);
    EXPECT_EQ(buffers[0].offset, 0);
    EXPECT_EQ(buffers[1].offset, 48);
    EXPECT_EQ(buffers[2].offset, 32) << "over the one before, as planned";
    EXPECT_EQ(buffers[3].offset, 112);
}

TEST(PlanGreedily, NoTwoLiveBuffersOverlap) {
    test::Sequence numbers(3);
    for (int round = 0; round < 50; ++round) {
        std::vector<PlannedBuffer> buffers(40);
        for (PlannedBuffer& buffer : buffers) {
            buffer.offset = kAnywhere;
            buffer.size = 16 * numbers.between(1, 64);
            buffer.first = static_cast<std::int16_t>(numbers.between(0, 30));
            buffer.last = static_cast<std::int16_t>(buffer.first + numbers.between(0, 8));
        }
        std::vector<std::int16_t> order(buffers.size());
        const auto bytes = static_cast<std::int32_t>(
            planGreedily(buffers.data(), static_cast<std::int32_t>(buffers.size()), order.data()));
        for (std::size_t a = 0; a < buffers.size(); ++a) {
            ASSERT_GE(buffers[a].offset, 0);
            ASSERT_LE(buffers[a].offset + buffers[a].size, bytes);
            for (std::size_t b = 0; b < a; ++b) {
                const bool together = buffers[a].first <= buffers[b].last && buffers[b].first <= buffers[a].last;
                const bool apart = buffers[a].offset + buffers[a].size <= buffers[b].offset ||
                                   buffers[b].offset + buffers[b].size <= buffers[a].offset;
                ASSERT_TRUE(!together || apart) << a << " and " << b;
            }
        }
    }
}

} // namespace
} // namespace simprof::runtime
