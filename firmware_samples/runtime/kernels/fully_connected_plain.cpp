// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/kernels/plain_dot.h"
#include "runtime/kernels/window.h"

namespace simprof::runtime {

void PlainKernels::fullyConnected(const FullyConnectedParams& params, const std::int8_t* input,
                                  const std::int8_t* weights, const std::int32_t* bias, std::int8_t* output, void*) {
    const Requantizer requantize(params);
    const std::int32_t depth = params.depth;
    const std::int32_t outputs = params.outputs;
    const std::int32_t factorStep = params.factorStep;
    const std::int32_t offset = params.inputOffset;
    for (std::int32_t row = 0; row < params.rows; ++row, input += depth) {
        const std::int8_t* w = weights;
        std::int32_t index = 0;
        for (; index + 1 < outputs; index += 2, w += 2 * depth) {
            SumPair sums{};
            if (bias) {
                sums = {bias[index], bias[index + 1]};
            }
            dotRunPair(sums, input, w, w + depth, depth, offset);
            *output++ = requantize(sums.first, index * factorStep);
            *output++ = requantize(sums.second, (index + 1) * factorStep);
        }
        if (index < outputs) {
            *output++ = requantize(dotRun(bias ? bias[index] : 0, input, w, depth, offset), index * factorStep);
        }
    }
}

} // namespace simprof::runtime
