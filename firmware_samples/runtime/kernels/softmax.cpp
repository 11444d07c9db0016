// SPDX-License-Identifier: GPL-2.0-or-later
// Softmax in fixed point. Numbers are 32-bit with the binary point behind bit 31 - n ("n integer bits"); products are
// doublingHighProduct(), whose integer bits are the sum of its factors'. The order of roundings is part of the result.
#include "runtime/kernels/kernels.h"

namespace simprof::runtime {
namespace {

constexpr std::int32_t kInputIntegerBits = 5;
constexpr std::int32_t kSumIntegerBits = 12;
constexpr std::int32_t kInt32Max = 0x7FFFFFFF;
constexpr std::int32_t kInt32Min = -kInt32Max - 1;

/// x * 2^exponent, held at the ends of the range.
std::int32_t saturatingShiftLeft(std::int32_t x, std::int32_t exponent) {
    const std::int32_t limit = (1 << (31 - exponent)) - 1;
    if (x > limit) {
        return kInt32Max;
    }
    return x < -limit - 1 ? kInt32Min : shiftLeft(x, exponent);
}

/// e^a for a in [-1/4, 0), 0 integer bits in and out: the Taylor series around -1/8 up to the fourth power.
std::int32_t expNearZero(std::int32_t a) {
    constexpr std::int32_t kExpMinusEighth = 1895147668; // e^(-1/8)
    constexpr std::int32_t kThird = 715827883;           // 1/3
    const std::int32_t x = a + (1 << 28);                // a + 1/8
    const std::int32_t x2 = doublingHighProduct(x, x);
    const std::int32_t x3 = doublingHighProduct(x2, x);
    const std::int32_t x4 = doublingHighProduct(x2, x2);
    const std::int32_t quarter = roundingShiftRight(x4, 2);
    const std::int32_t higher = roundingShiftRight(doublingHighProduct(quarter + x3, kThird) + x2, 1);
    return kExpMinusEighth + doublingHighProduct(kExpMinusEighth, x + higher);
}

/// e^a for a <= 0 with 5 integer bits; 0 integer bits out.
std::int32_t expOfNegative(std::int32_t a) {
    // Factors e^-(2^k) for k = -2...4: one for each bit by which a lies below the last quarter.
    static constexpr std::int32_t kFactors[] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
    constexpr std::int32_t kFractionBits = 31 - kInputIntegerBits;
    constexpr std::int32_t kQuarter = 1 << (kFractionBits - 2);
    if (a == 0) {
        return kInt32Max;
    }
    const std::int32_t last = (a & (kQuarter - 1)) - kQuarter;
    std::int32_t result = expNearZero(saturatingShiftLeft(last, kInputIntegerBits));
    const std::int32_t rest = last - a;
    for (int k = 0; k < 7; ++k) {
        if (rest & (kQuarter << k)) {
            result = doublingHighProduct(result, kFactors[k]);
        }
    }
    return result;
}

/// 1 / (1 + x) for x in [0, 1), 0 integer bits: three steps of Newton's method on (1 + x) / 2.
std::int32_t reciprocalOfOnePlus(std::int32_t x) {
    constexpr std::int32_t k48Over17 = 1515870810; // 2 integer bits
    constexpr std::int32_t kMinus32Over17 = -1010580540;
    constexpr std::int32_t kOne = 1 << 29; // 2 integer bits
    const auto half = static_cast<std::int32_t>((static_cast<std::int64_t>(x) + kInt32Max + 1) / 2);
    std::int32_t estimate = k48Over17 + doublingHighProduct(half, kMinus32Over17);
    for (int step = 0; step < 3; ++step) {
        const std::int32_t error = kOne - doublingHighProduct(half, estimate);
        estimate += saturatingShiftLeft(doublingHighProduct(estimate, error), 2);
    }
    return saturatingShiftLeft(estimate, 1);
}

std::int32_t expOfDifference(const SoftmaxParams& params, std::int32_t difference) {
    return expOfNegative(doublingHighProduct(shiftLeft(difference, params.input.shift), params.input.fraction));
}

void softmaxRow(const SoftmaxParams& params, const std::int8_t* input, std::int8_t* output) {
    std::int32_t greatest = -128;
    for (std::int32_t i = 0; i < params.depth; ++i) {
        greatest = input[i] > greatest ? input[i] : greatest;
    }
    std::int32_t sum = 0;
    for (std::int32_t i = 0; i < params.depth; ++i) {
        const std::int32_t difference = input[i] - greatest;
        if (difference >= params.minDifference) {
            sum += roundingShiftRight(expOfDifference(params, difference), kSumIntegerBits);
        }
    }
    const std::int32_t headroom = __builtin_clz(static_cast<unsigned>(sum));
    const std::int32_t fraction =
        static_cast<std::int32_t>((static_cast<std::uint32_t>(sum) << headroom) - (std::uint32_t{1} << 31));
    const std::int32_t scale = reciprocalOfOnePlus(fraction);
    const std::int32_t exponent = kSumIntegerBits - headroom + 31 - 8;
    for (std::int32_t i = 0; i < params.depth; ++i) {
        const std::int32_t difference = input[i] - greatest;
        std::int32_t result = -128;
        if (difference >= params.minDifference) {
            const std::int32_t product = doublingHighProduct(scale, expOfDifference(params, difference));
            result = clamp(roundingShiftRight(product, exponent) - 128, -128, 127);
        }
        output[i] = static_cast<std::int8_t>(result);
    }
}

} // namespace

void softmax(const SoftmaxParams& params, const std::int8_t* input, std::int8_t* output) {
    for (std::int32_t row = 0; row < params.rows; ++row) {
        softmaxRow(params, input, output);
        input += params.depth;
        output += params.depth;
    }
}

} // namespace simprof::runtime
