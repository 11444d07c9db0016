// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/kernels/plain_dot.h"
#include "runtime/kernels/window.h"

namespace simprof::runtime {
namespace {

/// The window of one output pixel as runs of adjacent bytes: the same lengths in the input and in the filter.
struct Runs {
    const std::int8_t* input; ///< first run
    std::int32_t filter;      ///< first run, from the start of a channel's filter
    std::int32_t rows;
    std::int32_t runsPerRow; ///< 1 unless dilated
    std::int32_t length;
    std::int32_t inputRowStep, inputRunStep, filterRowStep;
};

Runs runsOf(const Window& window, const std::int8_t* input, const TapRange& rows, const TapRange& columns) {
    const std::int32_t taps = columns.last - columns.first;
    const bool dense = window.dilationWidth == 1;
    return {input + (rows.position * window.inputWidth + columns.position) * window.inputDepth,
            (rows.first * window.kernelWidth + columns.first) * window.inputDepth,
            rows.last - rows.first,
            dense ? 1 : taps,
            dense ? taps * window.inputDepth : window.inputDepth,
            window.dilationHeight * window.inputWidth * window.inputDepth,
            window.dilationWidth * window.inputDepth,
            window.kernelWidth * window.inputDepth};
}

void sumPair(const Runs& runs, const std::int8_t* filter0, const std::int8_t* filter1, std::int32_t offset,
             std::int32_t& sum0, std::int32_t& sum1) {
    const std::int8_t* row = runs.input;
    std::int32_t place = runs.filter;
    for (std::int32_t y = 0; y < runs.rows; ++y) {
        for (std::int32_t run = 0; run < runs.runsPerRow; ++run) {
            const std::int32_t w = place + run * runs.length;
            dotRunPair(sum0, sum1, row + run * runs.inputRunStep, filter0 + w, filter1 + w, runs.length, offset);
        }
        row += runs.inputRowStep;
        place += runs.filterRowStep;
    }
}

std::int32_t sumOne(const Runs& runs, const std::int8_t* filter, std::int32_t offset, std::int32_t sum) {
    const std::int8_t* row = runs.input;
    std::int32_t place = runs.filter;
    for (std::int32_t y = 0; y < runs.rows; ++y) {
        for (std::int32_t run = 0; run < runs.runsPerRow; ++run) {
            sum = dotRun(sum, row + run * runs.inputRunStep, filter + place + run * runs.length, runs.length, offset);
        }
        row += runs.inputRowStep;
        place += runs.filterRowStep;
    }
    return sum;
}

std::int8_t* convPixel(const ConvParams& params, const Runs& runs, const std::int8_t* filter,
                       const std::int32_t* bias, std::int8_t* output) {
    const Window& window = params.window;
    const std::int32_t filterSize = window.kernelHeight * window.kernelWidth * window.inputDepth;
    std::int32_t channel = 0;
    for (; channel + 1 < window.outputDepth; channel += 2) {
        std::int32_t sum0 = bias ? bias[channel] : 0;
        std::int32_t sum1 = bias ? bias[channel + 1] : 0;
        sumPair(runs, filter, filter + filterSize, params.inputOffset, sum0, sum1);
        filter += 2 * filterSize;
        *output++ = requantize(sum0, params.fractions[channel], params.shifts[channel], params.outputOffset,
                               params.range);
        *output++ = requantize(sum1, params.fractions[channel + 1], params.shifts[channel + 1], params.outputOffset,
                               params.range);
    }
    if (channel < window.outputDepth) {
        const std::int32_t sum = sumOne(runs, filter, params.inputOffset, bias ? bias[channel] : 0);
        *output++ =
            requantize(sum, params.fractions[channel], params.shifts[channel], params.outputOffset, params.range);
    }
    return output;
}

} // namespace

void PlainKernels::conv(const ConvParams& params, const std::int8_t* input, const std::int8_t* filter,
                        const std::int32_t* bias, std::int8_t* output, void*) {
    const Window& window = params.window;
    for (std::int32_t y = 0; y < window.outputHeight; ++y) {
        const TapRange rows = tapRows(window, y);
        for (std::int32_t x = 0; x < window.outputWidth; ++x) {
            const Runs runs = runsOf(window, input, rows, tapColumns(window, x));
            output = convPixel(params, runs, filter, bias, output);
        }
    }
}

} // namespace simprof::runtime
