// SPDX-License-Identifier: GPL-2.0-or-later
// The operators without weights.
#include "runtime/operators/operators.h"

namespace simprof::runtime {
namespace {

Status preparePool(Context* context, Node* node) {
    const EvalTensor* input = context->input(node, 0);
    const EvalTensor* output = context->output(node);
    if (!isImage(input) || !isImage(output)) {
        return Status::UnsupportedOperator;
    }
    auto* params = context->arena->allocatePersistent<PoolParams>();
    node->userData = params;
    if (!params) {
        return Status::ArenaTooSmall;
    }
    const FlatTable options(node->options);
    const auto padding = static_cast<Padding>(options.scalar<std::int8_t>(0, 0));
    Window window{};
    window.inputHeight = input->dims->data[1];
    window.inputWidth = input->dims->data[2];
    window.inputDepth = input->dims->data[3];
    window.outputHeight = output->dims->data[1];
    window.outputWidth = output->dims->data[2];
    window.outputDepth = output->dims->data[3];
    window.strideWidth = options.scalar<std::int32_t>(1, 0);
    window.strideHeight = options.scalar<std::int32_t>(2, 0);
    window.kernelWidth = options.scalar<std::int32_t>(3, 0);
    window.kernelHeight = options.scalar<std::int32_t>(4, 0);
    window.dilationHeight = 1;
    window.dilationWidth = 1;
    window.padTop =
        paddingBefore(padding, window.inputHeight, window.outputHeight, window.kernelHeight, window.strideHeight, 1);
    window.padLeft =
        paddingBefore(padding, window.inputWidth, window.outputWidth, window.kernelWidth, window.strideWidth, 1);
    params->window = window;
    params->range =
        activationRange(static_cast<Activation>(options.scalar<std::int8_t>(5, 0)), context->outputQuantization(node));
    return Status::Ok;
}

/// beta * scale in fixed point with 5 integer bits; what is too steep for them saturates.
Multiplier softmaxInputFactor(float beta, float scale) {
    const double real = static_cast<double>(beta) * static_cast<double>(scale) * (1 << 26);
    constexpr double kGreatest = 2147483647.0;
    return quantizeMultiplier(real < kGreatest ? real : kGreatest);
}

} // namespace

Status prepareAveragePool(Context* context, Node* node) { return preparePool(context, node); }

Status invokeAveragePool(Context* context, Node* node) {
    averagePool(*static_cast<const PoolParams*>(node->userData), bytesOf(context->input(node, 0)),
                bytesOf(context->output(node)));
    return Status::Ok;
}

Status prepareMaxPool(Context* context, Node* node) { return preparePool(context, node); }

Status invokeMaxPool(Context* context, Node* node) {
    maxPool(*static_cast<const PoolParams*>(node->userData), bytesOf(context->input(node, 0)),
            bytesOf(context->output(node)));
    return Status::Ok;
}

Status prepareAdd(Context* context, Node* node) {
    const EvalTensor* first = context->input(node, 0);
    const EvalTensor* second = context->input(node, 1);
    const EvalTensor* output = context->output(node);
    const std::int32_t count = elementCount(output->dims);
    if (first->type != TensorType::Int8 || second->type != TensorType::Int8 || output->type != TensorType::Int8 ||
        elementCount(first->dims) != count || elementCount(second->dims) != count) {
        return Status::UnsupportedOperator;
    }
    auto* params = context->arena->allocatePersistent<AddParams>();
    node->userData = params;
    if (!params) {
        return Status::ArenaTooSmall;
    }
    const QuantizationView firstQuantization = context->inputQuantization(node, 0);
    const QuantizationView secondQuantization = context->inputQuantization(node, 1);
    const QuantizationView outputQuantization = context->outputQuantization(node);
    const float greater =
        firstQuantization.scale() > secondQuantization.scale() ? firstQuantization.scale() : secondQuantization.scale();
    const double twice = 2 * static_cast<double>(greater);
    params->count = count;
    params->firstOffset = -firstQuantization.zeroPoint();
    params->secondOffset = -secondQuantization.zeroPoint();
    params->outputOffset = outputQuantization.zeroPoint();
    params->first = quantizeMultiplier(static_cast<double>(firstQuantization.scale()) / twice);
    params->second = quantizeMultiplier(static_cast<double>(secondQuantization.scale()) / twice);
    params->output = quantizeMultiplier(twice / ((1 << 20) * static_cast<double>(outputQuantization.scale())));
    params->range = activationRange(static_cast<Activation>(FlatTable(node->options).scalar<std::int8_t>(0, 0)),
                                    outputQuantization);
    return Status::Ok;
}

Status invokeAdd(Context* context, Node* node) {
    add(*static_cast<const AddParams*>(node->userData), bytesOf(context->input(node, 0)),
        bytesOf(context->input(node, 1)), bytesOf(context->output(node)));
    return Status::Ok;
}

Status prepareSoftmax(Context* context, Node* node) {
    const EvalTensor* input = context->input(node, 0);
    if (input->type != TensorType::Int8 || context->output(node)->type != TensorType::Int8 || input->dims->size < 1) {
        return Status::UnsupportedOperator;
    }
    auto* params = context->arena->allocatePersistent<SoftmaxParams>();
    node->userData = params;
    if (!params) {
        return Status::ArenaTooSmall;
    }
    params->depth = input->dims->data[input->dims->size - 1];
    params->rows = elementCount(input->dims) / params->depth;
    params->input = softmaxInputFactor(FlatTable(node->options).scalar<float>(0, 0.0F),
                                       context->inputQuantization(node, 0).scale());
    if (params->input.shift < 0) {
        return Status::UnsupportedOperator;
    }
    params->minDifference =
        -static_cast<std::int32_t>((std::int64_t{31} << 26) >> params->input.shift); // beyond it exp() is zero
    return Status::Ok;
}

Status invokeSoftmax(Context* context, Node* node) {
    softmax(*static_cast<const SoftmaxParams*>(node->userData), bytesOf(context->input(node, 0)),
            bytesOf(context->output(node)));
    return Status::Ok;
}

Status prepareReshape(Context* context, Node* node) {
    return tensorBytes(*context->input(node, 0)) == tensorBytes(*context->output(node)) ? Status::Ok
                                                                                        : Status::UnsupportedOperator;
}

Status invokeReshape(Context* context, Node* node) {
    EvalTensor* output = context->output(node);
    copy(bytesOf(context->input(node, 0)), bytesOf(output), tensorBytes(*output));
    return Status::Ok;
}

Status preparePad(Context* context, Node* node) {
    const EvalTensor* input = context->input(node, 0);
    const EvalTensor* paddings = context->input(node, 1);
    const EvalTensor* output = context->output(node);
    const std::int32_t rank = input->dims->size;
    if (input->type != TensorType::Int8 || !paddings->data || paddings->type != TensorType::Int32 || rank > 4 ||
        elementCount(paddings->dims) != 2 * rank) {
        return Status::UnsupportedOperator;
    }
    auto* params = context->arena->allocatePersistent<PadParams>();
    node->userData = params;
    if (!params) {
        return Status::ArenaTooSmall;
    }
    for (std::int32_t i = 0; i < 4; ++i) {
        const std::int32_t axis = i - (4 - rank);
        params->input[i] = axis < 0 ? 1 : input->dims->data[axis];
        params->output[i] = axis < 0 ? 1 : output->dims->data[axis];
        params->before[i] = axis < 0 ? 0 : wordsOf(paddings)[2 * axis];
    }
    params->value = static_cast<std::int8_t>(context->outputQuantization(node).zeroPoint());
    return Status::Ok;
}

Status invokePad(Context* context, Node* node) {
    pad(*static_cast<const PadParams*>(node->userData), bytesOf(context->input(node, 0)),
        bytesOf(context->output(node)));
    return Status::Ok;
}

Status prepareMean(Context* context, Node* node) {
    const EvalTensor* input = context->input(node, 0);
    const EvalTensor* axes = context->input(node, 1);
    if (!isImage(input) || !axes->data || axes->type != TensorType::Int32 || elementCount(axes->dims) != 2) {
        return Status::UnsupportedOperator;
    }
    const std::int32_t first = wordsOf(axes)[0] & 3; // axis -1 is axis 3 of 4
    const std::int32_t second = wordsOf(axes)[1] & 3;
    if (first + second != 3 || first * second != 2) {
        return Status::UnsupportedOperator;
    }
    auto* data = context->arena->allocatePersistent<MeanData>();
    node->userData = data;
    if (!data) {
        return Status::ArenaTooSmall;
    }
    MeanParams& params = data->params;
    params.pixels = input->dims->data[1] * input->dims->data[2];
    params.depth = input->dims->data[3];
    params.inputZeroPoint = context->inputQuantization(node, 0).zeroPoint();
    params.outputZeroPoint = context->outputQuantization(node).zeroPoint();
    params.output = quantizeMultiplier(static_cast<double>(context->inputQuantization(node, 0).scale()) /
                                       static_cast<double>(context->outputQuantization(node).scale()));
    std::int32_t shift = 31 - __builtin_clz(static_cast<unsigned>(params.pixels));
    shift = shift < 31 + params.output.shift ? shift : 31 + params.output.shift;
    params.output.fraction =
        static_cast<std::int32_t>((static_cast<std::int64_t>(params.output.fraction) << shift) / params.pixels);
    params.output.shift -= shift;
    data->sums = context->requestScratch(4 * static_cast<std::size_t>(params.depth));
    return Status::Ok;
}

Status invokeMean(Context* context, Node* node) {
    const auto* data = static_cast<const MeanData*>(node->userData);
    mean(data->params, bytesOf(context->input(node, 0)), bytesOf(context->output(node)),
         static_cast<std::int32_t*>(context->scratchAt(data->sums)));
    return Status::Ok;
}

} // namespace simprof::runtime
