// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/kernels/depthwise_taps.h"

namespace simprof::runtime {
namespace {

/// As sumChannel, for the window that most networks use, with all nine taps on the image.
std::int32_t sumChannel3x3(const DepthwiseTaps& taps, const std::int8_t* input, const std::int8_t* filter,
                           std::int32_t offset, std::int32_t sum) {
    const std::int32_t inputStep = taps.inputColumnStep;
    const std::int32_t filterStep = taps.filterColumnStep;
#pragma GCC unroll 3
    for (int y = 0; y < 3; ++y) {
        sum += filter[0] * (input[0] + offset);
        sum += filter[filterStep] * (input[inputStep] + offset);
        sum += filter[2 * filterStep] * (input[2 * inputStep] + offset);
        input += taps.inputRowStep;
        filter += taps.filterRowStep;
    }
    return sum;
}

} // namespace

void PlainKernels::depthwiseConv(const ConvParams& params, const std::int8_t* input, const std::int8_t* filter,
                                 const std::int32_t* bias, std::int8_t* output) {
    const std::int32_t inputDepth = params.window.inputDepth;
    const std::int32_t perInput = params.window.outputDepth / inputDepth;
    forEachDepthwisePixel(
        params.window, input, filter,
        [&](const DepthwiseTaps& taps, const std::int8_t* x, const std::int8_t* w) {
            const bool whole3x3 = taps.rows == 3 && taps.columns == 3;
            std::int32_t channel = 0;
            for (std::int32_t depth = 0; depth < inputDepth; ++depth, ++x) {
                for (std::int32_t i = 0; i < perInput; ++i, ++channel, ++w) {
                    const std::int32_t start = bias ? bias[channel] : 0;
                    const std::int32_t sum = whole3x3 ? sumChannel3x3(taps, x, w, params.inputOffset, start)
                                                      : sumChannel(taps, x, w, params.inputOffset, start);
                    *output++ = requantize(sum, params.fractions[channel], params.shifts[channel],
                                           params.outputOffset, params.range);
                }
            }
        });
}

} // namespace simprof::runtime
