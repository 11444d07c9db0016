// SPDX-License-Identifier: GPL-2.0-or-later
// Fixed-point arithmetic of 8-bit quantised inference. A real factor is a 31-bit fraction and a power of two; a product
// is rounded twice, first to 32 bits, then by the power, so that results equal TensorFlow Lite's to the last bit.
#pragma once

#include <cstdint>

namespace simprof::runtime {

/// A positive real factor: fraction * 2^(shift - 31), fraction in [2^30, 2^31) or 0.
struct Multiplier {
    std::int32_t fraction;
    std::int32_t shift;
};

/// Upper half of 2ab, rounded to nearest, ties up, by 16-bit partial products; not defined for a = b = -2^31.
inline std::int32_t doublingHighProductBy16(std::int32_t a, std::int32_t b) {
    const std::int32_t aHigh = a >> 16;
    const std::int32_t bHigh = b >> 16;
    const std::uint32_t aLow = static_cast<std::uint32_t>(a) & 0xFFFFU;
    const std::uint32_t bLow = static_cast<std::uint32_t>(b) & 0xFFFFU;
    const std::uint32_t low = aLow * bLow;
    const std::int32_t first = aHigh * static_cast<std::int32_t>(bLow) + static_cast<std::int32_t>(low >> 16);
    const std::int32_t second = static_cast<std::int32_t>(aLow) * bHigh +
                                static_cast<std::int32_t>(static_cast<std::uint32_t>(first) & 0xFFFFU);
    const std::int32_t upper = aHigh * bHigh + (first >> 16) + (second >> 16);
    // Bits 31..16 of the lower half are the low half of `second`; its bits 15..0 never reach the rounding bit.
    const std::uint32_t lower = (static_cast<std::uint32_t>(second) << 16) + 0x40000000U;
    const std::uint32_t carry = lower < 0x40000000U ? 1U : 0U;
    return static_cast<std::int32_t>(((static_cast<std::uint32_t>(upper) + carry) << 1) | (lower >> 31));
}

/// Upper half of 2ab, rounded to nearest, ties up; not defined for a = b = -2^31 (no factor is negative).
inline std::int32_t doublingHighProduct(std::int32_t a, std::int32_t b) {
#if defined(__ARM_ARCH_6M__)
    return doublingHighProductBy16(a, b); // no 64-bit multiply: the library call costs more than these four
#else
    return static_cast<std::int32_t>((static_cast<std::int64_t>(a) * b + (std::int64_t{1} << 30)) >> 31);
#endif
}

/// x / 2^(exponent + 1) rounded to nearest, ties away from zero; x > -2^31, exponent in [0, 30].
inline std::int32_t roundingHalfShift(std::int32_t x, std::int32_t exponent) {
    // Below zero, one less turns "ties away" into "ties up", and ties up is the last bit shifted out.
    const std::int32_t twice = (x + (x >> 31)) >> exponent;
    return (twice >> 1) + (twice & 1);
}

/// x / 2^exponent rounded to nearest, ties away from zero; x > -2^31, exponent in [0, 31].
inline std::int32_t roundingShiftRight(std::int32_t x, std::int32_t exponent) {
    return exponent == 0 ? x : roundingHalfShift(x, exponent - 1);
}

/// x * 2^exponent, wrapping.
inline std::int32_t shiftLeft(std::int32_t x, std::int32_t exponent) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(x) << exponent);
}

/// x times a factor, rounded twice.
inline std::int32_t multiplyByQuantized(std::int32_t x, std::int32_t fraction, std::int32_t shift) {
    const std::int32_t product = doublingHighProduct(shiftLeft(x, shift > 0 ? shift : 0), fraction);
    return shift < 0 ? roundingHalfShift(product, ~shift) : product; // ~shift = -shift - 1
}

inline std::int32_t clamp(std::int32_t x, std::int32_t low, std::int32_t high) {
    return x < low ? low : (x > high ? high : x);
}

} // namespace simprof::runtime
