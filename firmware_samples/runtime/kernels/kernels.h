// SPDX-License-Identifier: GPL-2.0-or-later
// The int8 kernels. Tensors are one image of height x width x depth, depth innermost; weights are symmetric (zero point
// 0). A kernel set is chosen at compile time; all sets give the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/quantize.h"

namespace simprof::runtime {

/// A window sliding over an image; in elements.
struct Window {
    std::int32_t inputHeight, inputWidth, inputDepth;
    std::int32_t outputHeight, outputWidth, outputDepth;
    std::int32_t kernelHeight, kernelWidth;
    std::int32_t strideHeight, strideWidth;
    std::int32_t dilationHeight, dilationWidth;
    std::int32_t padTop, padLeft;
};

/// A convolution, full or depthwise, with one output factor per output channel.
struct ConvParams {
    Window window;
    std::int32_t inputOffset;  ///< minus the input's zero point
    std::int32_t outputOffset; ///< the output's zero point
    ClampRange range;
    const std::int32_t* fractions;
    const std::int32_t* shifts;
};

/// A matrix product: `rows` inputs of `depth` elements, `outputs` results each.
struct FullyConnectedParams {
    std::int32_t rows, depth, outputs;
    std::int32_t inputOffset;
    std::int32_t outputOffset;
    ClampRange range;
    const std::int32_t* fractions;
    const std::int32_t* shifts;
    std::int32_t factorStep; ///< 1: one factor per output; 0: one for all
};

/// A maximum or mean over a window.
struct PoolParams {
    Window window;
    ClampRange range;
};

/// An elementwise sum of two tensors of the same shape.
struct AddParams {
    std::int32_t count;
    std::int32_t firstOffset, secondOffset, outputOffset;
    Multiplier first, second, output;
    ClampRange range;
};

/// exp() along rows of `depth` elements, each row scaled to sum 1.
struct SoftmaxParams {
    std::int32_t rows, depth;
    Multiplier input; ///< to fixed point with 5 integer bits
    std::int32_t minDifference;
};

/// A mean over height and width.
struct MeanParams {
    std::int32_t pixels, depth;
    std::int32_t inputZeroPoint, outputZeroPoint;
    Multiplier output; ///< includes 1 / pixels
};

/// A border of `value` around up to four dimensions.
struct PadParams {
    std::int32_t input[4];
    std::int32_t before[4];
    std::int32_t output[4];
    std::int8_t value;
};

/// Portable C++, shaped for a core with a single-cycle 32-bit multiplier and nothing more.
struct PlainKernels {
    static std::size_t convScratchBytes(const ConvParams& params);
    static std::size_t fullyConnectedScratchBytes(const FullyConnectedParams&) { return 0; }
    static void conv(const ConvParams& params, const std::int8_t* input, const std::int8_t* filter,
                     const std::int32_t* bias, std::int8_t* output, void* scratch);
    static void depthwiseConv(const ConvParams& params, const std::int8_t* input, const std::int8_t* filter,
                              const std::int32_t* bias, std::int8_t* output);
    static void fullyConnected(const FullyConnectedParams& params, const std::int8_t* input, const std::int8_t* weights,
                               const std::int32_t* bias, std::int8_t* output, void* scratch);
};

/// For cores with the DSP extension (two 16-bit MACs an instruction). Scratch must be 4-byte aligned.
struct DspKernels {
    static std::size_t convScratchBytes(const ConvParams& params);
    static std::size_t fullyConnectedScratchBytes(const FullyConnectedParams& params);
    static void conv(const ConvParams& params, const std::int8_t* input, const std::int8_t* filter,
                     const std::int32_t* bias, std::int8_t* output, void* scratch);
    static void depthwiseConv(const ConvParams& params, const std::int8_t* input, const std::int8_t* filter,
                              const std::int32_t* bias, std::int8_t* output);
    static void fullyConnected(const FullyConnectedParams& params, const std::int8_t* input, const std::int8_t* weights,
                               const std::int32_t* bias, std::int8_t* output, void* scratch);
};

#if defined(__ARM_FEATURE_DSP)
using NativeKernels = DspKernels;
#else
using NativeKernels = PlainKernels;
#endif

void averagePool(const PoolParams& params, const std::int8_t* input, std::int8_t* output);
void maxPool(const PoolParams& params, const std::int8_t* input, std::int8_t* output);
void add(const AddParams& params, const std::int8_t* first, const std::int8_t* second, std::int8_t* output);
void softmax(const SoftmaxParams& params, const std::int8_t* input, std::int8_t* output);
/// `sums` has room for one 32-bit word per channel.
void mean(const MeanParams& params, const std::int8_t* input, std::int8_t* output, std::int32_t* sums);
void pad(const PadParams& params, const std::int8_t* input, std::int8_t* output);
void copy(const std::int8_t* input, std::int8_t* output, std::size_t bytes);

} // namespace simprof::runtime
