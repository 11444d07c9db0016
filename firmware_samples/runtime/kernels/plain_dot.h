// SPDX-License-Identifier: GPL-2.0-or-later
// Dot products of int8 runs for cores without SIMD.
#pragma once

#include <cstdint>

namespace simprof::runtime {

/// Two sums against the same inputs.
struct SumPair {
    std::int32_t first, second;
};

/// sum + w . (x + offset) over `count` elements.
inline std::int32_t dotRun(std::int32_t sum, const std::int8_t* x, const std::int8_t* w, std::int32_t count,
                           std::int32_t offset) {
    const std::int8_t* const end = x + count;
    while (x != end) {
        sum += *w++ * (*x++ + offset);
    }
    return sum;
}

/// Adds w0 . (x + offset) and w1 . (x + offset) to the sums, each input loaded once. A function of its own: the loop
/// takes all eight low registers of an Armv6-M core.
[[gnu::noinline]] void dotRunPair(SumPair& sums, const std::int8_t* x, const std::int8_t* w0, const std::int8_t* w1,
                                  std::int32_t count, std::int32_t offset);

} // namespace simprof::runtime
