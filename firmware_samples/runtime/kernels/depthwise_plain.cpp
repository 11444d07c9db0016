// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/kernels/depthwise_taps.h"

namespace simprof::runtime {

void PlainKernels::depthwiseConv(const ConvParams& params, const std::int8_t* input, const std::int8_t* filter,
                                 const std::int32_t* bias, std::int8_t* output) {
    const std::int32_t channels = params.window.outputDepth;
    const std::int32_t perInput = channels / params.window.inputDepth;
    const std::int32_t offset = params.inputOffset;
    const Requantizer requantize(params);
    forEachDepthwisePixel(params.window, input, filter,
                          [&](const DepthwiseTaps& taps, const std::int8_t* x, const std::int8_t* w) {
                              std::int32_t left = perInput;
                              for (std::int32_t channel = 0; channel < channels; ++channel, ++w) {
                                  const std::int32_t sum = bias ? bias[channel] : 0;
                                  *output++ = requantize(sumChannel(taps, x, w, offset, sum), channel);
                                  if (--left == 0) {
                                      left = perInput;
                                      ++x;
                                  }
                              }
                          });
}

} // namespace simprof::runtime
