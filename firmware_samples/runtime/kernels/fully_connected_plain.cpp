// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/kernels/plain_dot.h"
#include "runtime/kernels/window.h"

namespace simprof::runtime {

void PlainKernels::fullyConnected(const FullyConnectedParams& params, const std::int8_t* input,
                                  const std::int8_t* weights, const std::int32_t* bias, std::int8_t* output, void*) {
    for (std::int32_t row = 0; row < params.rows; ++row, input += params.depth) {
        const std::int8_t* w = weights;
        std::int32_t factor = 0;
        std::int32_t index = 0;
        for (; index + 1 < params.outputs; index += 2, w += 2 * params.depth) {
            std::int32_t sum0 = bias ? bias[index] : 0;
            std::int32_t sum1 = bias ? bias[index + 1] : 0;
            dotRunPair(sum0, sum1, input, w, w + params.depth, params.depth, params.inputOffset);
            *output++ = requantize(sum0, params.fractions[factor], params.shifts[factor], params.outputOffset,
                                   params.range);
            factor += params.factorStep;
            *output++ = requantize(sum1, params.fractions[factor], params.shifts[factor], params.outputOffset,
                                   params.range);
            factor += params.factorStep;
        }
        if (index < params.outputs) {
            const std::int32_t sum =
                dotRun(bias ? bias[index] : 0, input, w, params.depth, params.inputOffset);
            *output++ = requantize(sum, params.fractions[factor], params.shifts[factor], params.outputOffset,
                                   params.range);
        }
    }
}

} // namespace simprof::runtime
