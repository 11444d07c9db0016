// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/fixed_point.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "runtime/quantize.h"
#include "test_support.h"

namespace simprof::runtime {
namespace {

constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();

struct ProductCase {
    std::int32_t a, b, result;
};

TEST(DoublingHighProduct, RoundsToNearestTiesUp) {
    const ProductCase cases[] = {
        // a * b / 2^31
        {0, 0, 0},
        {1, 1, 0},
        {1 << 30, 1, 1},    //  0.5 -> 1
        {-(1 << 30), 1, 0}, // -0.5 -> 0
        {-(1 << 30) - 1, 1, -1},
        {1 << 30, 3, 2},        //  1.5 -> 2
        {-(1 << 30), 3, -1},    // -1.5 -> -1
        {kMax, kMax, kMax - 1}, // just below 2^31 - 2 + 2^-31
        {kMin, kMax, -kMax},
        {1 << 30, 1 << 30, 1 << 29},
    };
    for (const ProductCase& c : cases) {
        EXPECT_EQ(doublingHighProduct(c.a, c.b), c.result) << c.a << " * " << c.b;
        EXPECT_EQ(doublingHighProductBy16(c.a, c.b), c.result) << c.a << " * " << c.b;
        EXPECT_EQ(doublingHighProductBy16(c.b, c.a), c.result) << c.b << " * " << c.a;
    }
}

TEST(DoublingHighProduct, PartialProductsGiveTheSameAs64Bits) {
    test::Sequence numbers(1);
    const std::int32_t edges[] = {0, 1, -1, 0x7FFF, 0x8000, 0xFFFF, 0x10000, -0x8000, -0x10000, kMax, -kMax, kMin};
    for (const std::int32_t a : edges) {
        for (const std::int32_t b : edges) {
            if (a != kMin || b != kMin) {
                EXPECT_EQ(doublingHighProductBy16(a, b), doublingHighProduct(a, b)) << a << " * " << b;
            }
        }
    }
    for (int i = 0; i < 200000; ++i) {
        const auto a = static_cast<std::int32_t>(numbers.next());
        const auto b = static_cast<std::int32_t>(numbers.next() >> (i % 32));
        ASSERT_EQ(doublingHighProductBy16(a, b), doublingHighProduct(a, b)) << a << " * " << b;
    }
}

TEST(RoundingShiftRight, RoundsTiesAwayFromZero) {
    const ProductCase cases[] = {
        // x, exponent, result
        {5, 0, 5},   {-5, 0, -5}, {1, 1, 1},     {-1, 1, -1},     {3, 1, 2},          {-3, 1, -2},
        {2, 2, 1},   {-2, 2, -1}, {1, 2, 0},     {-1, 2, 0},      {5, 2, 1},          {-5, 2, -1},
        {6, 2, 2},   {-6, 2, -2}, {kMax, 31, 1}, {-kMax, 31, -1}, {kMax, 1, 1 << 30}, {-kMax, 1, -(1 << 30)},
        {-7, 31, 0},
    };
    for (const ProductCase& c : cases) {
        EXPECT_EQ(roundingShiftRight(c.a, c.b), c.result) << c.a << " >> " << c.b;
    }
}

TEST(MultiplyByQuantized, RoundsTwice) {
    // 1.5 * 2^-2 = 0.375; but the product is first rounded to 2 (1.5 up), then 2 / 4 = 0.5 to 1.
    EXPECT_EQ(multiplyByQuantized(3, 1 << 30, -2), 1);
    EXPECT_EQ(multiplyByQuantized(-3, 1 << 30, -2), 0); // -1.5 up to -1, -0.25 to 0
    EXPECT_EQ(multiplyByQuantized(3, 1 << 30, 2), 6);
    EXPECT_EQ(multiplyByQuantized(1000, 0, 0), 0);
}

TEST(QuantizeMultiplier, IsTheNearestFraction) {
    struct Case {
        double real;
        std::int32_t fraction, shift;
    };
    const Case cases[] = {
        {0.0, 0, 0},
        {1.0, 1 << 30, 1},
        {0.5, 1 << 30, 0},
        {0.75, 3 << 29, 0},
        {1.0 / 3.0, 1431655765, -1},
        {1.0 - std::ldexp(1.0, -40), 1 << 30, 1}, // rounds up to the next power
        {std::ldexp(1.0, -32), 1 << 30, -31},
        {std::ldexp(1.0, -33), 0, 0},
    };
    for (const Case& c : cases) {
        const Multiplier m = quantizeMultiplier(c.real);
        EXPECT_EQ(m.fraction, c.fraction) << c.real;
        EXPECT_EQ(m.shift, c.shift) << c.real;
    }
    test::Sequence numbers(2);
    for (int i = 0; i < 20000; ++i) {
        const double real = std::ldexp(static_cast<double>(numbers.next()) + numbers.next() / 4294967296.0,
                                       static_cast<int>(numbers.next() % 50) - 60);
        int exponent = 0;
        auto fraction = static_cast<std::int64_t>(std::round(std::frexp(real, &exponent) * 2147483648.0));
        if (fraction == std::int64_t{1} << 31) {
            fraction /= 2;
            ++exponent;
        }
        const Multiplier m = quantizeMultiplier(real);
        ASSERT_EQ(m.fraction, exponent < -31 ? 0 : fraction) << real;
        ASSERT_EQ(m.shift, exponent < -31 ? 0 : exponent) << real;
    }
}

TEST(PaddingBefore, CentresTheWindows) {
    struct Case {
        Padding padding;
        std::int32_t input, output, window, stride, dilation, before;
    };
    const Case cases[] = {
        {Padding::Same, 32, 32, 3, 1, 1, 1},  {Padding::Same, 32, 16, 3, 2, 1, 0}, {Padding::Same, 49, 25, 10, 2, 1, 4},
        {Padding::Same, 10, 5, 4, 2, 1, 1},   {Padding::Same, 9, 9, 3, 1, 2, 2},   {Padding::Same, 8, 8, 1, 1, 1, 0},
        {Padding::Valid, 32, 30, 3, 1, 1, 0},
    };
    for (const Case& c : cases) {
        EXPECT_EQ(paddingBefore(c.padding, c.input, c.output, c.window, c.stride, c.dilation), c.before)
            << c.input << " by " << c.window;
    }
}

} // namespace
} // namespace simprof::runtime
