// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/kernels/depthwise_taps.h"
#include "runtime/kernels/dsp.h"

namespace simprof::runtime {
namespace {

/// Adds the products of four adjacent channels to their sums, one word of inputs and one of weights a tap.
[[gnu::noinline]] void sumFourChannels(const DepthwiseTaps& taps, const std::int8_t* input, const std::int8_t* filter,
                                       std::uint32_t offsets, std::int32_t (&sums)[4]) {
    std::int32_t sum0 = sums[0];
    std::int32_t sum1 = sums[1];
    std::int32_t sum2 = sums[2];
    std::int32_t sum3 = sums[3];
    for (std::int32_t y = 0; y < taps.rows; ++y) {
        const std::int8_t* x = input;
        const std::int8_t* w = filter;
        for (std::int32_t left = taps.columns; left > 0; --left) {
            const std::uint32_t inputs = loadWord(x);
            const std::uint32_t weights = loadWord(w);
            x += taps.inputColumnStep;
            w += taps.filterColumnStep;
            const std::uint32_t inputEven = addEven(offsets, inputs);
            const std::uint32_t inputOdd = addOdd(offsets, inputs);
            const std::uint32_t weightEven = extendEven(weights);
            const std::uint32_t weightOdd = extendOdd(weights);
            sum0 = multiplyLow(inputEven, weightEven, sum0);
            sum2 = multiplyHigh(inputEven, weightEven, sum2);
            sum1 = multiplyLow(inputOdd, weightOdd, sum1);
            sum3 = multiplyHigh(inputOdd, weightOdd, sum3);
        }
        input += taps.inputRowStep;
        filter += taps.filterRowStep;
    }
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
    sums[3] = sum3;
}

} // namespace

void DspKernels::depthwiseConv(const ConvParams& params, const std::int8_t* input, const std::int8_t* filter,
                               const std::int32_t* bias, std::int8_t* output) {
    const std::int32_t channels = params.window.outputDepth;
    const std::int32_t perInput = channels / params.window.inputDepth;
    const std::int32_t byFour = perInput == 1 ? channels & ~3 : 0; // else a channel's inputs are not its neighbours'
    const std::uint32_t offsets = (static_cast<std::uint32_t>(params.inputOffset) & 0xFFFFU) * 0x10001U;
    const Requantizer requantize(params);
    forEachDepthwisePixel(
        params.window, input, filter, [&](const DepthwiseTaps& taps, const std::int8_t* x, const std::int8_t* w) {
            std::int32_t channel = 0;
            for (; channel < byFour; channel += 4) {
                std::int32_t sums[4] = {};
                if (bias) {
                    for (int i = 0; i < 4; ++i) {
                        sums[i] = bias[channel + i];
                    }
                }
                sumFourChannels(taps, x + channel, w + channel, offsets, sums);
                for (int i = 0; i < 4; ++i) {
                    *output++ = requantize(sums[i], channel + i);
                }
            }
            for (; channel < channels; ++channel) {
                const std::int32_t sum = bias ? bias[channel] : 0;
                *output++ =
                    requantize(sumChannel(taps, x + channel / perInput, w + channel, params.inputOffset, sum), channel);
            }
        });
}

} // namespace simprof::runtime
