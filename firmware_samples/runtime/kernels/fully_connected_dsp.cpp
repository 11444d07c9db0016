// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/kernels/dsp_dot.h"
#include "runtime/kernels/window.h"

namespace simprof::runtime {
namespace {

constexpr int kStep = 2;

template<int kRows>
void multiplyRows(const FullyConnectedParams& params, const Requantizer& requantize, const std::uint32_t* column,
                  const std::int8_t* weights, const std::int32_t* bias, std::int32_t first, std::int8_t* output) {
    DotBlock<1, kRows, kStep> block;
    block.columns = column;
    for (int r = 0; r < kRows; ++r) {
        block.rows[r] = weights + (first + r) * params.depth;
        block.sums[r][0] = bias ? bias[first + r] : 0;
    }
    block.run(params.depth);
    for (int r = 0; r < kRows; ++r) {
        output[first + r] = requantize(block.sums[r][0], (first + r) * params.factorStep);
    }
}

} // namespace

std::size_t DspKernels::fullyConnectedScratchBytes(const FullyConnectedParams& params) {
    return columnBytes(params.depth);
}

void DspKernels::fullyConnected(const FullyConnectedParams& params, const std::int8_t* input,
                                const std::int8_t* weights, const std::int32_t* bias, std::int8_t* output,
                                void* scratch) {
    const Requantizer requantize(params);
    auto* const column = static_cast<std::uint32_t*>(scratch);
    for (std::int32_t row = 0; row < params.rows; ++row) {
        widen<kStep>(column, input, params.depth, params.inputOffset);
        std::int32_t index = 0;
        for (; index + 1 < params.outputs; index += 2) {
            multiplyRows<2>(params, requantize, column, weights, bias, index, output);
        }
        if (index < params.outputs) {
            multiplyRows<1>(params, requantize, column, weights, bias, index, output);
        }
        input += params.depth;
        output += params.outputs;
    }
}

} // namespace simprof::runtime
