// SPDX-License-Identifier: GPL-2.0-or-later
// When nothing new comes: the last five inferences of each network took equal cycles.
#include "profiler/run/steady.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace simprof {
namespace {

SteadyWatch after(std::initializer_list<Cycles> inferences) {
    SteadyWatch watch;
    for (const Cycles cycles : inferences) {
        watch.ended(0, cycles);
    }
    return watch;
}

TEST(Steady, IsWhatFiveEqualInferencesAre) {
    EXPECT_FALSE(SteadyWatch().steady());
    EXPECT_FALSE(after({7000, 7000, 7000, 7000}).steady());
    EXPECT_TRUE(after({7000, 7000, 7000, 7000, 7000}).steady());
    EXPECT_TRUE(after({9000, 8000, 7000, 7000, 7000, 7000, 7000}).steady()) << "caches were cold at first";
    EXPECT_FALSE(after({7000, 7000, 7000, 7000, 7100}).steady());
    EXPECT_FALSE(after({7000, 7000, 7100, 7000, 7000, 7000, 7000}).steady());
}

TEST(Steady, InterruptsMayMoveOneInAThousand) {
    EXPECT_TRUE(after({100'000, 100'100, 100'000, 100'050, 100'000}).steady());
    EXPECT_FALSE(after({100'000, 100'102, 100'000, 100'050, 100'000}).steady());
}

TEST(Steady, HoldsForEachNetworkThatWasSeen) {
    SteadyWatch watch = after({7000, 7000, 7000, 7000, 7000});
    watch.ended(1, 300);
    EXPECT_FALSE(watch.steady());
    for (int i = 0; i < 4; ++i) {
        watch.ended(1, 300);
    }
    EXPECT_TRUE(watch.steady());
    EXPECT_EQ(watch.text(), "the layers took 7,000, 300 cycles in each of the last 5 inferences; --until exit runs on");
}

} // namespace
} // namespace simprof
