// SPDX-License-Identifier: GPL-2.0-or-later
// Lays the window of one output pixel out as one run of bytes, in the order of a filter.
#pragma once

#include <cstring>

#include "runtime/kernels/window.h"

namespace simprof::runtime {

/// Elements of one filter, which is also the length of a laid-out window.
inline std::int32_t filterSize(const Window& window) {
    return window.kernelHeight * window.kernelWidth * window.inputDepth;
}

inline void copyBytes(std::int8_t* to, const std::int8_t* from, std::int32_t count) {
    if (count >= 16) {
        std::memcpy(to, from, static_cast<std::size_t>(count));
        return;
    }
    for (std::int32_t i = 0; i < count; ++i) {
        to[i] = from[i];
    }
}

/// Copies the taps on the image to `bytes`, the others become `zero`.
inline void stageWindow(const Window& window, const std::int8_t* input, const TapRange& rows, const TapRange& columns,
                        std::int8_t zero, std::int8_t* bytes) {
    const std::int32_t depth = window.inputDepth;
    const std::int32_t taps = columns.last - columns.first;
    const bool dense = window.dilationWidth == 1;
    const std::int32_t runs = dense ? 1 : taps;
    const std::int32_t run = dense ? taps * depth : depth;
    if (rows.last - rows.first != window.kernelHeight || taps != window.kernelWidth) {
        std::memset(bytes, zero, static_cast<std::size_t>(filterSize(window)));
    }
    std::int32_t inputRow = rows.position;
    for (std::int32_t y = rows.first; y < rows.last; ++y, inputRow += window.dilationHeight) {
        const std::int8_t* from = input + (inputRow * window.inputWidth + columns.position) * depth;
        std::int8_t* to = bytes + (y * window.kernelWidth + columns.first) * depth;
        for (std::int32_t i = 0; i < runs; ++i, from += window.dilationWidth * depth, to += run) {
            copyBytes(to, from, run);
        }
    }
}

} // namespace simprof::runtime
