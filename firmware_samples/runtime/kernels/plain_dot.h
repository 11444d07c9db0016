// SPDX-License-Identifier: GPL-2.0-or-later
// Dot products of int8 runs for cores without SIMD.
#pragma once

#include <cstdint>

namespace simprof::runtime {

/// sum += w . (x + offset) over `count` elements.
inline std::int32_t dotRun(std::int32_t sum, const std::int8_t* x, const std::int8_t* w, std::int32_t count,
                           std::int32_t offset) {
    const std::int8_t* const end = x + count;
#pragma GCC unroll 4
    while (x != end) {
        sum += *w++ * (*x++ + offset);
    }
    return sum;
}

/// Two weight rows against one run of inputs, so that each input is loaded once.
inline void dotRunPair(std::int32_t& sum0, std::int32_t& sum1, const std::int8_t* x, const std::int8_t* w0,
                       const std::int8_t* w1, std::int32_t count, std::int32_t offset) {
    std::int32_t first = sum0;
    std::int32_t second = sum1;
#pragma GCC unroll 4
    for (std::int32_t i = 0; i < count; ++i) {
        const std::int32_t value = x[i] + offset;
        first += w0[i] * value;
        second += w1[i] * value;
    }
    sum0 = first;
    sum1 = second;
}

} // namespace simprof::runtime
