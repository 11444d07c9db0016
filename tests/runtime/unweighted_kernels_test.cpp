// SPDX-License-Identifier: GPL-2.0-or-later
#include <cmath>

#include <gmock/gmock.h>

#include "test_support.h"

namespace simprof::runtime {
namespace {

using ::testing::ElementsAre;
using Bytes = std::vector<std::int8_t>;

PoolParams pool2x2(std::int32_t height, std::int32_t width, std::int32_t stride, std::int32_t pad) {
    const std::int32_t outputHeight = (height + 2 * pad - 2) / stride + 1;
    const std::int32_t outputWidth = (width + 2 * pad - 2) / stride + 1;
    return {{height, width, 1, outputHeight, outputWidth, 1, 2, 2, stride, stride, 1, 1, pad, pad}, {-128, 127}};
}

TEST(AveragePool, RoundsTiesAwayFromZero) {
    const Bytes input = {1, 0, 0, 1, //
                         1, 0, 0, 0};
    Bytes output(2);
    averagePool(pool2x2(2, 4, 2, 0), input.data(), output.data()); // 2/4 and 1/4
    EXPECT_THAT(output, ElementsAre(1, 0));
    const Bytes negative = {-1, 0, 0, -1, //
                            -1, 0, 0, 0};
    averagePool(pool2x2(2, 4, 2, 0), negative.data(), output.data()); // -2/4 and -1/4
    EXPECT_THAT(output, ElementsAre(-1, 0));
}

TEST(AveragePool, DividesByTheTapsOnTheImage) {
    const Bytes input = {8, 4, //
                         2, 6};
    Bytes output(9);
    averagePool(pool2x2(2, 2, 1, 1), input.data(), output.data());
    EXPECT_THAT(output, ElementsAre(8, 6, 4, 5, 5, 5, 2, 4, 6));
}

TEST(MaxPool, TakesTheGreatestAndClamps) {
    const Bytes input = {-5, -9, 7, 1, //
                         -8, -6, 2, 100};
    Bytes output(2);
    PoolParams params = pool2x2(2, 4, 2, 0);
    params.range.high = 90;
    maxPool(params, input.data(), output.data());
    EXPECT_THAT(output, ElementsAre(-5, 90));
}

TEST(Add, IsTheSumOfTheRealValues) {
    // (q + 3) * 0.02 + (q - 10) * 0.05 in steps of 0.07, zero point -4
    const double twice = 2 * 0.05;
    const AddParams params{256,
                           3,
                           -10,
                           -4,
                           quantizeMultiplier(0.02 / twice),
                           quantizeMultiplier(0.05 / twice),
                           quantizeMultiplier(twice / ((1 << 20) * 0.07)),
                           {-128, 127}};
    Bytes first, second, output(256);
    for (int i = 0; i < 256; ++i) {
        first.push_back(static_cast<std::int8_t>(i - 128));
        second.push_back(static_cast<std::int8_t>((i * 37 + 5) & 0xFF));
    }
    add(params, first.data(), second.data(), output.data());
    for (std::size_t i = 0; i < 256; ++i) {
        const double real = ((first[i] + 3) * 0.02 + (second[i] - 10) * 0.05) / 0.07 - 4;
        ASSERT_LE(std::fabs(output[i] - std::fmin(std::fmax(real, -128), 127)), 0.5001) << i;
    }
}

TEST(Softmax, IsWithinOneOfTheRealOne) {
    for (const double scale : {0.01, 0.1, 0.5}) {
        const Multiplier factor = quantizeMultiplier(scale * (1 << 26));
        const SoftmaxParams params{3, 10, factor, -static_cast<std::int32_t>((std::int64_t{31} << 26) >> factor.shift)};
        const Bytes input = test::Sequence(static_cast<std::uint32_t>(scale * 100)).bytes(30);
        Bytes output(30);
        softmax(params, input.data(), output.data());
        for (std::size_t row = 0; row < 3; ++row) {
            double sum = 0;
            for (std::size_t i = 0; i < 10; ++i) {
                sum += std::exp(scale * input[row * 10 + i]);
            }
            for (std::size_t i = 0; i < 10; ++i) {
                const double real = 256 * std::exp(scale * input[row * 10 + i]) / sum - 128;
                EXPECT_LE(std::fabs(output[row * 10 + i] - std::fmin(real, 127)), 1.0)
                    << scale << ": " << row << "," << i;
            }
        }
    }
}

TEST(Softmax, OneElementIsCertain) {
    const SoftmaxParams params{1, 1, quantizeMultiplier(0.1 * (1 << 26)), -248};
    const Bytes input = {-128};
    Bytes output(1);
    softmax(params, input.data(), output.data());
    EXPECT_THAT(output, ElementsAre(127)); // 256 / 256 does not fit and is held
}

TEST(Mean, IsTheMeanOfTheRealValues) {
    // pixels 3, channels 2; input zero point 5, scales equal, output zero point 2
    const MeanParams params{3, 2, 5, 2, {static_cast<std::int32_t>((std::int64_t{1} << 31) / 3), 0}};
    const Bytes input = {5, 20, 8, 30, 11, -5};
    Bytes output(2);
    std::int32_t sums[2];
    mean(params, input.data(), output.data(), sums);
    EXPECT_THAT(output, ElementsAre(5, 12)); // (0+3+6)/3 + 2, (15+25-10)/3 + 2
    EXPECT_EQ(sums[0], 9);
    EXPECT_EQ(sums[1], 30);
}

TEST(Pad, PutsABorderAround) {
    const PadParams params{{1, 2, 1, 2}, {0, 1, 1, 0}, {1, 4, 2, 3}, -9};
    const Bytes input = {1, 2, 3, 4};
    Bytes output(24);
    pad(params, input.data(), output.data());
    EXPECT_THAT(output, ElementsAre(-9, -9, -9, -9, -9, -9, //
                                    -9, -9, -9, 1, 2, -9,   //
                                    -9, -9, -9, 3, 4, -9,   //
                                    -9, -9, -9, -9, -9, -9));
}

} // namespace
} // namespace simprof::runtime
