// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/kernels/window.h"

namespace simprof::runtime {
namespace {

/// Calls `reduce(first, rows, columns)` for each output element with its window's first element; writes what it
/// returns.
template<typename Reduce>
void forEachWindow(const Window& window, const std::int8_t* input, std::int8_t* output, Reduce reduce) {
    for (std::int32_t y = 0; y < window.outputHeight; ++y) {
        const TapRange rows = tapRows(window, y);
        for (std::int32_t x = 0; x < window.outputWidth; ++x) {
            const TapRange columns = tapColumns(window, x);
            const std::int8_t* first =
                input + (rows.position * window.inputWidth + columns.position) * window.inputDepth;
            for (std::int32_t channel = 0; channel < window.inputDepth; ++channel) {
                *output++ = reduce(first + channel, rows.last - rows.first, columns.last - columns.first);
            }
        }
    }
}

} // namespace

void averagePool(const PoolParams& params, const std::int8_t* input, std::int8_t* output) {
    const std::int32_t step = params.window.inputDepth;
    const std::int32_t rowStep = params.window.inputWidth * step;
    forEachWindow(params.window, input, output, [&](const std::int8_t* row, std::int32_t rows, std::int32_t columns) {
        std::int32_t sum = 0;
        for (std::int32_t y = 0; y < rows; ++y, row += rowStep) {
            const std::int8_t* value = row;
            for (std::int32_t x = 0; x < columns; ++x, value += step) {
                sum += *value;
            }
        }
        const std::int32_t count = rows * columns;
        const std::int32_t half = sum > 0 ? count / 2 : -(count / 2); // ties away from zero
        return static_cast<std::int8_t>(clamp((sum + half) / count, params.range.low, params.range.high));
    });
}

void maxPool(const PoolParams& params, const std::int8_t* input, std::int8_t* output) {
    const std::int32_t step = params.window.inputDepth;
    const std::int32_t rowStep = params.window.inputWidth * step;
    forEachWindow(params.window, input, output, [&](const std::int8_t* row, std::int32_t rows, std::int32_t columns) {
        std::int32_t greatest = -128;
        for (std::int32_t y = 0; y < rows; ++y, row += rowStep) {
            const std::int8_t* value = row;
            for (std::int32_t x = 0; x < columns; ++x, value += step) {
                greatest = *value > greatest ? *value : greatest;
            }
        }
        return static_cast<std::int8_t>(clamp(greatest, params.range.low, params.range.high));
    });
}

} // namespace simprof::runtime
