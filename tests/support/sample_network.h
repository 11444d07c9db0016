// SPDX-License-Identifier: GPL-2.0-or-later
/// The layers and functions of sample_profile.h.
#pragma once
#include "profiler/profile.h"

#include <numeric>
#include <vector>

namespace simprof::test::detail {

struct SampleLayer {
    const char* op;
    const char* name;
    std::vector<std::int32_t> shape;
    std::uint64_t macs;
    Cycles cycles; ///< of one inference
    int eval;      ///< functions
    int kernel;
    Bytes scratch;
};

// Indices into sampleFunctions().
enum SampleFunction : int {
    kReset,
    kMain,
    kInvoke,
    kSubgraph,
    kConvEval,
    kDepthwiseEval,
    kPoolEval,
    kReshapeEval,
    kFullyEval,
    kSoftmaxEval,
    kConvolve,
    kMatMult,
    kDepthwise,
    kPool,
    kFully,
    kSoftmax,
    kMemcpy,
    kSysTick
};

inline std::vector<FunctionInfo> sampleFunctions() {
    struct Row {
        const char* name;
        const char* file;
        std::uint32_t line;
    };
    constexpr Row kRows[] = {
        {"Reset_Handler", "startup/startup_stm32f746xx.c", 61},
        {"main", "src/main.cc", 88},
        {"tflite::MicroInterpreter::Invoke()", "tflite/micro/micro_interpreter.cc", 287},
        {"tflite::MicroInterpreterGraph::InvokeSubgraph(int)", "tflite/micro/micro_interpreter_graph.cc", 194},
        {"tflite::(anonymous namespace)::ConvEval(TfLiteContext*, TfLiteNode*)",
         "tflite/micro/kernels/cmsis_nn/conv.cc", 260},
        {"tflite::(anonymous namespace)::DepthwiseEval(TfLiteContext*, TfLiteNode*)",
         "tflite/micro/kernels/cmsis_nn/depthwise_conv.cc", 301},
        {"tflite::(anonymous namespace)::AverageEval(TfLiteContext*, TfLiteNode*)",
         "tflite/micro/kernels/cmsis_nn/pooling.cc", 210},
        {"tflite::EvalReshapeReference(TfLiteContext*, TfLiteNode*)", "tflite/micro/kernels/reshape.cc", 41},
        {"tflite::(anonymous namespace)::FullyConnectedEval(TfLiteContext*, TfLiteNode*)",
         "tflite/micro/kernels/cmsis_nn/fully_connected.cc", 188},
        {"tflite::(anonymous namespace)::SoftmaxEval(TfLiteContext*, TfLiteNode*)",
         "tflite/micro/kernels/cmsis_nn/softmax.cc", 97},
        {"arm_convolve_s8", "cmsis_nn/Source/ConvolutionFunctions/arm_convolve_s8.c", 47},
        {"arm_nn_mat_mult_nt_t_s8", "cmsis_nn/Source/NNSupportFunctions/arm_nn_mat_mult_nt_t_s8.c", 51},
        {"arm_depthwise_conv_s8_opt", "cmsis_nn/Source/ConvolutionFunctions/arm_depthwise_conv_s8_opt.c", 44},
        {"arm_avgpool_s8", "cmsis_nn/Source/PoolingFunctions/arm_avgpool_s8.c", 135},
        {"arm_fully_connected_s8", "cmsis_nn/Source/FullyConnectedFunctions/arm_fully_connected_s8.c", 45},
        {"arm_softmax_s8", "cmsis_nn/Source/SoftmaxFunctions/arm_softmax_s8.c", 39},
        {"memcpy", "", 0},
        {"SysTick_Handler", "src/main.cc", 31},
    };
    std::vector<FunctionInfo> functions;
    Address address = 0x08000200;
    for (const Row& row : kRows) {
        FunctionInfo function;
        function.name = row.name;
        function.address = address;
        function.file = row.file;
        function.line = row.line;
        functions.push_back(function);
        address += 0x140;
    }
    return functions;
}

inline std::vector<SampleLayer> sampleLayers() {
    std::vector<SampleLayer> layers = {
        {"CONV_2D", "conv2d/Relu", {1, 25, 5, 64}, 320'000, 611'840, kConvEval, kConvolve, 1'280}};
    const std::vector<std::int32_t> shape = {1, 25, 5, 64};
    constexpr const char* kDepthwiseNames[] = {"depthwise_conv2d/Relu", "depthwise_conv2d_1/Relu",
                                               "depthwise_conv2d_2/Relu", "depthwise_conv2d_3/Relu"};
    constexpr const char* kPointwiseNames[] = {"conv2d_1/Relu", "conv2d_2/Relu", "conv2d_3/Relu", "conv2d_4/Relu"};
    for (std::size_t block = 0; block < 4; ++block) {
        layers.push_back({"DEPTHWISE_CONV_2D", kDepthwiseNames[block], shape, 72'000, 288'411 + block, kDepthwiseEval,
                          kDepthwise, 2'304});
        layers.push_back({"CONV_2D", kPointwiseNames[block], shape, 512'000, 466'903 - block, kConvEval, kMatMult, 0});
    }
    layers.push_back({"AVERAGE_POOL_2D", "average_pooling2d/AvgPool", {1, 1, 1, 64}, 0, 40'216, kPoolEval, kPool, 256});
    layers.push_back({"RESHAPE", "flatten/Reshape", {1, 64}, 0, 412, kReshapeEval, kMemcpy, 0});
    layers.push_back({"FULLY_CONNECTED", "dense/BiasAdd", {1, 12}, 768, 2'038, kFullyEval, kFully, 0});
    layers.push_back({"SOFTMAX", "Identity", {1, 12}, 0, 3'127, kSoftmaxEval, kSoftmax, 0});
    return layers;
}

inline StallSums sampleStalls(Cycles cycles) {
    StallSums stalls{};
    const auto share = [&](Stall stall, Cycles percent) {
        stalls[static_cast<std::size_t>(stall)] = cycles * percent / 100;
    };
    share(Stall::Fetch, 6);
    share(Stall::LoadStore, 17);
    share(Stall::AddressDependency, 7);
    share(Stall::BranchRefill, 5);
    share(Stall::MultiCycle, 2);
    share(Stall::CacheMiss, 9);
    stalls[0] = cycles - std::accumulate(stalls.begin(), stalls.end(), Cycles{0});
    return stalls;
}

} // namespace simprof::test::detail
