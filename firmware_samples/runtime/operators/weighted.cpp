// SPDX-License-Identifier: GPL-2.0-or-later
// Preparing the operators that have weights.
#include "runtime/operators/operators.h"

namespace simprof::runtime {
namespace {

/// Output factors, one a channel: (input scale * weight scale) / output scale.
bool storeChannelFactors(Context* context, const Node* node, std::int32_t channels, const std::int32_t*& fractions,
                         const std::int32_t*& shifts) {
    auto* storedFractions = context->arena->allocatePersistent<std::int32_t>(static_cast<std::size_t>(channels));
    auto* storedShifts = context->arena->allocatePersistent<std::int32_t>(static_cast<std::size_t>(channels));
    if (!storedFractions || !storedShifts) {
        return false;
    }
    const double input = context->inputQuantization(node, 0).scale();
    const double output = context->outputQuantization(node).scale();
    const QuantizationView weights = context->inputQuantization(node, 1);
    for (std::int32_t channel = 0; channel < channels; ++channel) {
        const Multiplier factor = quantizeMultiplier(input * static_cast<double>(weights.scale(channel)) / output);
        storedFractions[channel] = factor.fraction;
        storedShifts[channel] = factor.shift;
    }
    fractions = storedFractions;
    shifts = storedShifts;
    return true;
}

/// Options of Conv2D and DepthwiseConv2D, which number their fields differently.
struct ConvOptions {
    Padding padding;
    Activation activation;
    std::int32_t strideWidth, strideHeight, dilationWidth, dilationHeight;
};

ConvOptions readConvOptions(const std::uint8_t* address, bool depthwise) {
    const FlatTable table(address);
    const int next = depthwise ? 4 : 3; // field 3 of a depthwise convolution is its depth multiplier
    return {static_cast<Padding>(table.scalar<std::int8_t>(0, 0)),
            static_cast<Activation>(table.scalar<std::int8_t>(next, 0)),
            table.scalar<std::int32_t>(1, 0),
            table.scalar<std::int32_t>(2, 0),
            table.scalar<std::int32_t>(next + 1, 1),
            table.scalar<std::int32_t>(next + 2, 1)};
}

Window convWindow(const IntArray* input, const IntArray* filter, const IntArray* output, const ConvOptions& options) {
    Window window{};
    window.inputHeight = input->data[1];
    window.inputWidth = input->data[2];
    window.inputDepth = input->data[3];
    window.outputHeight = output->data[1];
    window.outputWidth = output->data[2];
    window.outputDepth = output->data[3];
    window.kernelHeight = filter->data[1];
    window.kernelWidth = filter->data[2];
    window.strideHeight = options.strideHeight;
    window.strideWidth = options.strideWidth;
    window.dilationHeight = options.dilationHeight;
    window.dilationWidth = options.dilationWidth;
    window.padTop = paddingBefore(options.padding, window.inputHeight, window.outputHeight, window.kernelHeight,
                                  window.strideHeight, window.dilationHeight);
    window.padLeft = paddingBefore(options.padding, window.inputWidth, window.outputWidth, window.kernelWidth,
                                   window.strideWidth, window.dilationWidth);
    return window;
}

} // namespace

Status prepareConv(Context* context, Node* node, bool depthwise) {
    const EvalTensor* input = context->input(node, 0);
    const EvalTensor* filter = context->input(node, 1);
    const EvalTensor* output = context->output(node);
    if (!isImage(input) || !isImage(output) || filter->type != TensorType::Int8 || filter->dims->size != 4) {
        return Status::UnsupportedOperator;
    }
    const ConvOptions options = readConvOptions(node->options, depthwise);
    const std::int32_t filterDepth = filter->dims->data[3];
    const Window window = convWindow(input->dims, filter->dims, output->dims, options);
    const bool fits = depthwise ? filterDepth == window.outputDepth && window.outputDepth % window.inputDepth == 0
                                : filterDepth == window.inputDepth;
    if (!fits || window.strideHeight < 1 || window.strideWidth < 1) {
        return Status::UnsupportedOperator;
    }
    auto* data = context->arena->allocatePersistent<ConvData>();
    node->userData = data;
    if (!data || !storeChannelFactors(context, node, window.outputDepth, data->params.fractions, data->params.shifts)) {
        return Status::ArenaTooSmall;
    }
    data->scratch = -1;
    data->params.window = window;
    data->params.inputOffset = -context->inputQuantization(node, 0).zeroPoint();
    data->params.outputOffset = context->outputQuantization(node).zeroPoint();
    data->params.range = activationRange(options.activation, context->outputQuantization(node));
    return Status::Ok;
}

Status prepareFullyConnected(Context* context, Node* node) {
    const EvalTensor* input = context->input(node, 0);
    const EvalTensor* weights = context->input(node, 1);
    const EvalTensor* output = context->output(node);
    if (input->type != TensorType::Int8 || weights->type != TensorType::Int8 || output->type != TensorType::Int8 ||
        weights->dims->size != 2) {
        return Status::UnsupportedOperator;
    }
    auto* data = context->arena->allocatePersistent<FullyConnectedData>();
    node->userData = data;
    if (!data) {
        return Status::ArenaTooSmall;
    }
    FullyConnectedParams& params = data->params;
    params.outputs = weights->dims->data[0];
    params.depth = weights->dims->data[1];
    params.rows = elementCount(input->dims) / params.depth;
    const QuantizationView weightScales = context->inputQuantization(node, 1);
    params.factorStep = weightScales.scaleCount() > 1 ? 1 : 0;
    if (!storeChannelFactors(context, node, params.factorStep ? params.outputs : 1, params.fractions, params.shifts)) {
        return Status::ArenaTooSmall;
    }
    if (!params.factorStep) { // one factor for all: the reference multiplies these two scales as floats
        const float product = context->inputQuantization(node, 0).scale() * weightScales.scale();
        const Multiplier factor = quantizeMultiplier(static_cast<double>(product) /
                                                     static_cast<double>(context->outputQuantization(node).scale()));
        *const_cast<std::int32_t*>(params.fractions) = factor.fraction;
        *const_cast<std::int32_t*>(params.shifts) = factor.shift;
    }
    data->scratch = -1;
    params.inputOffset = -context->inputQuantization(node, 0).zeroPoint();
    params.outputOffset = context->outputQuantization(node).zeroPoint();
    const FlatTable options(node->options);
    params.range =
        activationRange(static_cast<Activation>(options.scalar<std::int8_t>(0, 0)), context->outputQuantization(node));
    return Status::Ok;
}

} // namespace simprof::runtime
