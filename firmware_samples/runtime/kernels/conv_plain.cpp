// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/kernels/plain_dot.h"
#include "runtime/kernels/staging.h"

namespace simprof::runtime {
namespace {

/// All channels of one output pixel, two at a time, from its window as one run of bytes.
std::int8_t* convPixel(const ConvParams& params, const std::int8_t* bytes, std::int32_t size, const std::int8_t* filter,
                       const std::int32_t* bias, std::int8_t* output) {
    const Requantizer requantize(params);
    const std::int32_t channels = params.window.outputDepth;
    const std::int32_t offset = params.inputOffset;
    std::int32_t channel = 0;
    for (; channel + 1 < channels; channel += 2, filter += 2 * size) {
        SumPair sums{};
        if (bias) {
            sums = {bias[channel], bias[channel + 1]};
        }
        dotRunPair(sums, bytes, filter, filter + size, size, offset);
        *output++ = requantize(sums.first, channel);
        *output++ = requantize(sums.second, channel + 1);
    }
    if (channel < channels) {
        *output++ = requantize(dotRun(bias ? bias[channel] : 0, bytes, filter, size, offset), channel);
    }
    return output;
}

bool needsStaging(const Window& window) {
    return filterSize(window) != window.inputDepth; // the window of a pointwise convolution is a run already
}

} // namespace

std::size_t PlainKernels::convScratchBytes(const ConvParams& params) {
    return needsStaging(params.window) ? static_cast<std::size_t>(filterSize(params.window)) : 0;
}

void PlainKernels::conv(const ConvParams& params, const std::int8_t* input, const std::int8_t* filter,
                        const std::int32_t* bias, std::int8_t* output, void* scratch) {
    const Window& window = params.window;
    const std::int32_t size = filterSize(window);
    const bool staged = needsStaging(window);
    auto* const bytes = static_cast<std::int8_t*>(scratch);
    const auto zero = static_cast<std::int8_t>(-params.inputOffset);
    for (std::int32_t y = 0; y < window.outputHeight; ++y) {
        const TapRange rows = tapRows(window, y);
        for (std::int32_t x = 0; x < window.outputWidth; ++x) {
            const TapRange columns = tapColumns(window, x);
            const std::int8_t* from =
                input + (rows.position * window.inputWidth + columns.position) * window.inputDepth;
            if (staged) {
                stageWindow(window, input, rows, columns, zero, bytes);
                from = bytes;
            }
            output = convPixel(params, from, size, filter, bias, output);
        }
    }
}

} // namespace simprof::runtime
