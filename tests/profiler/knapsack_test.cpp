// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/advice/knapsack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace simprof {
namespace {

using testing::ElementsAre;

constexpr auto kOut = std::nullopt;

TEST(Knapsack, LeavesOutWhatGainsLeastTogether) {
    // The best item by itself takes the room of two that gain more together.
    const std::vector<KnapsackItem> items = {{10, 12'000, {0}}, {7, 8'000, {0}}, {6, 8'000, {0}}};
    EXPECT_THAT(fillKnapsack(items, {16'384}), ElementsAre(kOut, 0U, 0U));
    EXPECT_THAT(fillKnapsack(items, {28'000}), ElementsAre(0U, 0U, 0U));
    EXPECT_THAT(fillKnapsack(items, {1'000}), ElementsAre(kOut, kOut, kOut));
}

TEST(Knapsack, UsesEachMemoryThatAnItemMayLieIn) {
    const std::vector<KnapsackItem> items = {{5, 10, {0}}, {4, 10, {0, 1}}, {3, 10, {1}}};
    EXPECT_THAT(fillKnapsack(items, {10, 20}), ElementsAre(0U, 1U, 1U));
    EXPECT_THAT(fillKnapsack(items, {10, 10}), ElementsAre(0U, 1U, kOut));
}

TEST(Knapsack, OfEqualGainTakesTheLeastBytesAndNothingThatGainsNothing) {
    EXPECT_THAT(fillKnapsack({{5, 100, {0}}, {5, 50, {0}}}, {100}), ElementsAre(kOut, 0U));
    EXPECT_THAT(fillKnapsack({{0, 1, {0}}, {-1, 1, {0}}}, {100}), ElementsAre(kOut, kOut));
}

TEST(Knapsack, IsAsGoodAsTryingAll) {
    std::mt19937 random(3);
    for (int round = 0; round < 50; ++round) {
        std::vector<KnapsackItem> items(8);
        for (KnapsackItem& item : items) {
            item = {static_cast<double>(random() % 50 + 1), random() % 60 + 1, {0}};
        }
        const Bytes room = 100;
        double best = 0;
        for (unsigned chosen = 0; chosen < 256; ++chosen) {
            double gain = 0;
            Bytes bytes = 0;
            for (unsigned i = 0; i < 8; ++i) {
                gain += (chosen >> i & 1U) != 0 ? items[i].gain : 0;
                bytes += (chosen >> i & 1U) != 0 ? items[i].bytes : 0;
            }
            best = bytes <= room ? std::max(best, gain) : best;
        }
        double gain = 0;
        Bytes bytes = 0;
        const auto places = fillKnapsack(items, {room});
        for (std::size_t i = 0; i < items.size(); ++i) {
            gain += places[i] ? items[i].gain : 0;
            bytes += places[i] ? items[i].bytes : 0;
        }
        EXPECT_EQ(gain, best);
        EXPECT_LE(bytes, room);
    }
}

} // namespace
} // namespace simprof
