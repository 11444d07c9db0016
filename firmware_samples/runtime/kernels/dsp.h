// SPDX-License-Identifier: GPL-2.0-or-later
// The instructions of the Armv7E-M DSP extension that the kernels use; without it, the same arithmetic in C++, so that
// the kernels can be checked on any machine. A pair is two signed halfwords in one word, low half first.
#pragma once

#include <cstdint>
#include <cstring>

namespace simprof::runtime {

/// Four bytes at any alignment (LDR handles it on cores with the DSP extension).
inline std::uint32_t loadWord(const std::int8_t* bytes) {
    std::uint32_t word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

#if defined(__ARM_FEATURE_DSP)

/// Bytes 0 and 2 as a pair.
inline std::uint32_t extendEven(std::uint32_t bytes) {
    std::uint32_t pair;
    asm("sxtb16 %0, %1" : "=r"(pair) : "r"(bytes));
    return pair;
}
/// Bytes 1 and 3 as a pair.
inline std::uint32_t extendOdd(std::uint32_t bytes) {
    std::uint32_t pair;
    asm("sxtb16 %0, %1, ror #8" : "=r"(pair) : "r"(bytes));
    return pair;
}
/// extendEven() plus a pair.
inline std::uint32_t addEven(std::uint32_t addend, std::uint32_t bytes) {
    std::uint32_t pair;
    asm("sxtab16 %0, %1, %2" : "=r"(pair) : "r"(addend), "r"(bytes));
    return pair;
}
/// extendOdd() plus a pair.
inline std::uint32_t addOdd(std::uint32_t addend, std::uint32_t bytes) {
    std::uint32_t pair;
    asm("sxtab16 %0, %1, %2, ror #8" : "=r"(pair) : "r"(addend), "r"(bytes));
    return pair;
}
/// sum + a.low * b.low + a.high * b.high. (Inline assembly: GCC's intrinsic also keeps the Q flag.)
inline std::int32_t multiplyPairs(std::uint32_t a, std::uint32_t b, std::int32_t sum) {
    asm("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b));
    return sum;
}
/// sum + a.low * b.low
inline std::int32_t multiplyLow(std::uint32_t a, std::uint32_t b, std::int32_t sum) {
    asm("smlabb %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b));
    return sum;
}
/// sum + a.high * b.high
inline std::int32_t multiplyHigh(std::uint32_t a, std::uint32_t b, std::int32_t sum) {
    asm("smlatt %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b));
    return sum;
}

#else

namespace emulation {
inline std::int32_t low(std::uint32_t pair) { return static_cast<std::int16_t>(pair); }
inline std::int32_t high(std::uint32_t pair) { return static_cast<std::int16_t>(pair >> 16); }
inline std::uint32_t pairOf(std::int32_t lowHalf, std::int32_t highHalf) {
    return (static_cast<std::uint32_t>(lowHalf) & 0xFFFFU) | (static_cast<std::uint32_t>(highHalf) << 16);
}
} // namespace emulation

inline std::uint32_t extendEven(std::uint32_t bytes) {
    return emulation::pairOf(static_cast<std::int8_t>(bytes), static_cast<std::int8_t>(bytes >> 16));
}
inline std::uint32_t extendOdd(std::uint32_t bytes) { return extendEven(bytes >> 8); }
inline std::uint32_t addEven(std::uint32_t addend, std::uint32_t bytes) {
    const std::uint32_t pair = extendEven(bytes);
    return emulation::pairOf(emulation::low(addend) + emulation::low(pair),
                             emulation::high(addend) + emulation::high(pair));
}
inline std::uint32_t addOdd(std::uint32_t addend, std::uint32_t bytes) { return addEven(addend, bytes >> 8); }
inline std::int32_t multiplyLow(std::uint32_t a, std::uint32_t b, std::int32_t sum) {
    return sum + emulation::low(a) * emulation::low(b);
}
inline std::int32_t multiplyHigh(std::uint32_t a, std::uint32_t b, std::int32_t sum) {
    return sum + emulation::high(a) * emulation::high(b);
}
inline std::int32_t multiplyPairs(std::uint32_t a, std::uint32_t b, std::int32_t sum) {
    return multiplyHigh(a, b, multiplyLow(a, b, sum));
}

#endif

} // namespace simprof::runtime
