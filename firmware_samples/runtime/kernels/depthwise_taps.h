// SPDX-License-Identifier: GPL-2.0-or-later
// One channel of a depthwise window, and the walk over the output pixels that all depthwise kernels share.
#pragma once

#include "runtime/kernels/window.h"

namespace simprof::runtime {

/// The taps of a window that lie on the image (at least one), and the steps between neighbours, in elements.
struct DepthwiseTaps {
    std::int32_t rows, columns;
    std::int32_t inputColumnStep, inputRowStep;
    std::int32_t filterColumnStep, filterRowStep;
};

/// sum + the products of one channel; `input` and `filter` point at its first tap. A function of its own, for
/// registers.
[[gnu::noinline]] std::int32_t sumChannel(const DepthwiseTaps& taps, const std::int8_t* input,
                                          const std::int8_t* filter, std::int32_t offset, std::int32_t sum);

/// Calls `pixel(taps, input, filter)`, both at the first tap, for each output pixel in order.
template<typename Pixel>
inline void forEachDepthwisePixel(const Window& window, const std::int8_t* input, const std::int8_t* filter,
                                  Pixel pixel) {
    for (std::int32_t y = 0; y < window.outputHeight; ++y) {
        const TapRange rows = tapRows(window, y);
        for (std::int32_t x = 0; x < window.outputWidth; ++x) {
            const TapRange columns = tapColumns(window, x);
            const DepthwiseTaps taps{rows.last - rows.first,
                                     columns.last - columns.first,
                                     window.dilationWidth * window.inputDepth,
                                     window.dilationHeight * window.inputWidth * window.inputDepth,
                                     window.outputDepth,
                                     window.kernelWidth * window.outputDepth};
            const std::int32_t first = rows.first * window.kernelWidth + columns.first;
            pixel(taps, input + (rows.position * window.inputWidth + columns.position) * window.inputDepth,
                  filter + first * window.outputDepth);
        }
    }
}

} // namespace simprof::runtime
