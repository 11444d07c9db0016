// SPDX-License-Identifier: GPL-2.0-or-later
// The operators of the interpreter: prepare() turns scales and options into a kernel's parameters, invoke() calls the
// kernel. The parameters are public so that the ahead-of-time compiler can write them down.
#pragma once

#include "runtime/graph.h"
#include "runtime/kernels/kernels.h"

namespace simprof::runtime {

/// Kept by Conv2d and DepthwiseConv2d.
struct ConvData {
    ConvParams params;
    std::int32_t scratch; ///< index of the scratch buffer, or -1
};

/// Kept by FullyConnected.
struct FullyConnectedData {
    FullyConnectedParams params;
    std::int32_t scratch; ///< index of the scratch buffer, or -1
};

/// Kept by Mean.
struct MeanData {
    MeanParams params;
    std::int32_t sums; ///< index of the scratch buffer
};

Status prepareAveragePool(Context* context, Node* node);
Status invokeAveragePool(Context* context, Node* node);
Status prepareMaxPool(Context* context, Node* node);
Status invokeMaxPool(Context* context, Node* node);
Status prepareAdd(Context* context, Node* node);
Status invokeAdd(Context* context, Node* node);
Status prepareSoftmax(Context* context, Node* node);
Status invokeSoftmax(Context* context, Node* node);
Status prepareReshape(Context* context, Node* node);
Status invokeReshape(Context* context, Node* node);
Status preparePad(Context* context, Node* node);
Status invokePad(Context* context, Node* node);
Status prepareMean(Context* context, Node* node);
Status invokeMean(Context* context, Node* node);

/// Parameters of a full or depthwise convolution, kept as node->userData.
Status prepareConv(Context* context, Node* node, bool depthwise);
/// Parameters of a fully connected layer, kept as node->userData.
Status prepareFullyConnected(Context* context, Node* node);

/// Every operator on the plain kernels.
Registrations plainRegistrations();
/// Every operator, the weighted ones on the kernels for the DSP extension.
Registrations dspRegistrations();

/// The operators on the kernels that suit the core compiled for.
inline Registrations nativeRegistrations() {
#if defined(__ARM_FEATURE_DSP)
    return dspRegistrations();
#else
    return plainRegistrations();
#endif
}

inline const std::int8_t* bytesOf(const EvalTensor* tensor) { return static_cast<const std::int8_t*>(tensor->data); }
inline std::int8_t* bytesOf(EvalTensor* tensor) { return static_cast<std::int8_t*>(tensor->data); }
inline const std::int32_t* wordsOf(const EvalTensor* tensor) {
    return tensor ? static_cast<const std::int32_t*>(tensor->data) : nullptr;
}
inline bool isImage(const EvalTensor* tensor) {
    return tensor->type == TensorType::Int8 && tensor->dims->size == 4 && tensor->dims->data[0] == 1;
}

} // namespace simprof::runtime
