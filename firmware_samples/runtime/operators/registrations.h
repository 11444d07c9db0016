// SPDX-License-Identifier: GPL-2.0-or-later
// The operators that depend on the kernel set, and the table of all.
#pragma once

#include "runtime/operators/operators.h"

namespace simprof::runtime {

template<typename Kernels>
Status prepareConv2d(Context* context, Node* node) {
    const Status status = prepareConv(context, node, false);
    if (status == Status::Ok) {
        auto* data = static_cast<ConvData*>(node->userData);
        const std::size_t bytes = Kernels::convScratchBytes(data->params);
        data->scratch = bytes > 0 ? context->requestScratch(bytes) : -1;
    }
    return status;
}

template<typename Kernels>
Status invokeConv2d(Context* context, Node* node) {
    const auto* data = static_cast<const ConvData*>(node->userData);
    Kernels::conv(data->params, bytesOf(context->input(node, 0)), bytesOf(context->input(node, 1)),
                  wordsOf(context->optionalInput(node, 2)), bytesOf(context->output(node)),
                  data->scratch < 0 ? nullptr : context->scratchAt(data->scratch));
    return Status::Ok;
}

template<typename Kernels>
Status prepareDepthwiseConv2d(Context* context, Node* node) {
    return prepareConv(context, node, true);
}

template<typename Kernels>
Status invokeDepthwiseConv2d(Context* context, Node* node) {
    const auto* data = static_cast<const ConvData*>(node->userData);
    Kernels::depthwiseConv(data->params, bytesOf(context->input(node, 0)), bytesOf(context->input(node, 1)),
                           wordsOf(context->optionalInput(node, 2)), bytesOf(context->output(node)));
    return Status::Ok;
}

template<typename Kernels>
Status prepareDense(Context* context, Node* node) {
    const Status status = prepareFullyConnected(context, node);
    if (status == Status::Ok) {
        auto* data = static_cast<FullyConnectedData*>(node->userData);
        const std::size_t bytes = Kernels::fullyConnectedScratchBytes(data->params);
        data->scratch = bytes > 0 ? context->requestScratch(bytes) : -1;
    }
    return status;
}

template<typename Kernels>
Status invokeDense(Context* context, Node* node) {
    const auto* data = static_cast<const FullyConnectedData*>(node->userData);
    Kernels::fullyConnected(data->params, bytesOf(context->input(node, 0)), bytesOf(context->input(node, 1)),
                            wordsOf(context->optionalInput(node, 2)), bytesOf(context->output(node)),
                            data->scratch < 0 ? nullptr : context->scratchAt(data->scratch));
    return Status::Ok;
}

template<typename Kernels>
inline constexpr Registration kRegistrations[] = {
    {BuiltinOperator::Add, prepareAdd, invokeAdd},
    {BuiltinOperator::AveragePool2d, prepareAveragePool, invokeAveragePool},
    {BuiltinOperator::Conv2d, prepareConv2d<Kernels>, invokeConv2d<Kernels>},
    {BuiltinOperator::DepthwiseConv2d, prepareDepthwiseConv2d<Kernels>, invokeDepthwiseConv2d<Kernels>},
    {BuiltinOperator::FullyConnected, prepareDense<Kernels>, invokeDense<Kernels>},
    {BuiltinOperator::MaxPool2d, prepareMaxPool, invokeMaxPool},
    {BuiltinOperator::Mean, prepareMean, invokeMean},
    {BuiltinOperator::Pad, preparePad, invokePad},
    {BuiltinOperator::Reshape, prepareReshape, invokeReshape},
    {BuiltinOperator::Softmax, prepareSoftmax, invokeSoftmax},
};

template<typename Kernels>
Registrations registrationsOf() {
    return {kRegistrations<Kernels>, static_cast<std::int32_t>(sizeof kRegistrations<Kernels> / sizeof(Registration))};
}

} // namespace simprof::runtime
