// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/kernels/dsp_dot.h"
#include "runtime/kernels/staging.h"

namespace simprof::runtime {
namespace {

/// Two columns are interleaved group by group: four words from one group to the next.
constexpr int kStep = 4;

/// Pixels whose depth is no multiple of four straddle the groups of a column: they are first laid out as bytes.
bool needsStaging(const Window& window) {
    return (window.inputDepth & 3) != 0 && filterSize(window) != window.inputDepth;
}

void clearColumn(std::uint32_t* column, std::int32_t count) {
    for (std::int32_t groups = wholeGroups(count) / 4; groups > 0; --groups, column += kStep) {
        column[0] = 0;
        column[1] = 0;
    }
}

/// The window of one output pixel, widened; depth is a multiple of four, or the window a single tap.
void widenWindow(const ConvParams& params, const std::int8_t* input, const TapRange& rows, const TapRange& columns,
                 std::uint32_t* column) {
    const Window& window = params.window;
    const std::int32_t depth = window.inputDepth;
    const std::int32_t pixelWords = depth / 4 * kStep;
    const std::int32_t taps = columns.last - columns.first;
    if (rows.last - rows.first != window.kernelHeight || taps != window.kernelWidth) {
        clearColumn(column, filterSize(window));
    }
    std::int32_t inputRow = rows.position;
    for (std::int32_t y = rows.first; y < rows.last; ++y, inputRow += window.dilationHeight) {
        const std::int8_t* from = input + (inputRow * window.inputWidth + columns.position) * depth;
        std::uint32_t* to = column + (y * window.kernelWidth + columns.first) * pixelWords;
        if (window.dilationWidth == 1) {
            widen<kStep>(to, from, taps * depth, params.inputOffset);
            continue;
        }
        for (std::int32_t x = columns.first; x < columns.last; ++x, from += window.dilationWidth * depth) {
            to = widen<kStep>(to, from, depth, params.inputOffset);
        }
    }
}

/// All channels of one output pixel or of two neighbours.
template<int kColumns>
void multiplyColumns(const ConvParams& params, const std::uint32_t* columns, const std::int8_t* filter,
                     const std::int32_t* bias, std::int8_t* output) {
    const std::int32_t channels = params.window.outputDepth;
    const std::int32_t size = filterSize(params.window);
    const Requantizer requantize(params);
    const auto finish = [&](std::int32_t channel, const std::int32_t(&sums)[kColumns]) {
        for (int c = 0; c < kColumns; ++c) {
            output[c * channels + channel] = requantize(sums[c], channel);
        }
    };
    const auto start = [&](auto& block, std::int32_t channel, int rows) {
        block.columns = columns;
        for (int r = 0; r < rows; ++r) {
            block.rows[r] = filter + (channel + r) * size;
            for (int c = 0; c < kColumns; ++c) {
                block.sums[r][c] = bias ? bias[channel + r] : 0;
            }
        }
    };
    std::int32_t channel = 0;
    for (; channel + 1 < channels; channel += 2) {
        DotBlock<kColumns, 2, kStep> block;
        start(block, channel, 2);
        block.run(size);
        finish(channel, block.sums[0]);
        finish(channel + 1, block.sums[1]);
    }
    if (channel < channels) {
        DotBlock<kColumns, 1, kStep> block;
        start(block, channel, 1);
        block.run(size);
        finish(channel, block.sums[0]);
    }
}

} // namespace

std::size_t DspKernels::convScratchBytes(const ConvParams& params) {
    const std::int32_t size = filterSize(params.window);
    return 2 * columnBytes(size) + (needsStaging(params.window) ? static_cast<std::size_t>(wholeGroups(size)) : 0);
}

void DspKernels::conv(const ConvParams& params, const std::int8_t* input, const std::int8_t* filter,
                      const std::int32_t* bias, std::int8_t* output, void* scratch) {
    const Window& window = params.window;
    const std::int32_t size = filterSize(window);
    const bool staged = needsStaging(window);
    auto* const columns = static_cast<std::uint32_t*>(scratch);
    auto* const bytes = reinterpret_cast<std::int8_t*>(columns + columnBytes(size) / 2);
    int filled = 0;
    for (std::int32_t y = 0; y < window.outputHeight; ++y) {
        const TapRange rows = tapRows(window, y);
        for (std::int32_t x = 0; x < window.outputWidth; ++x) {
            const TapRange taps = tapColumns(window, x);
            std::uint32_t* const column = columns + 2 * filled;
            if (staged) {
                stageWindow(window, input, rows, taps, static_cast<std::int8_t>(-params.inputOffset), bytes);
                widen<kStep>(column, bytes, size, params.inputOffset);
            } else {
                widenWindow(params, input, rows, taps, column);
            }
            if (++filled == 2) {
                multiplyColumns<2>(params, columns, filter, bias, output);
                output += 2 * window.outputDepth;
                filled = 0;
            }
        }
    }
    if (filled == 1) {
        multiplyColumns<1>(params, columns, filter, bias, output);
    }
}

} // namespace simprof::runtime
