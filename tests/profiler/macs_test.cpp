// SPDX-License-Identifier: GPL-2.0-or-later
// Multiply-accumulates of operators, counted by hand.
#include "profiler/network/macs.h"

#include <gtest/gtest.h>

namespace simprof {
namespace {

/// An operator whose inputs are tensors of these shapes, in order, {} for one that is not there, and its output.
MacCount count(const char* name, const std::vector<std::vector<std::int32_t>>& inputs,
               std::vector<std::int32_t> output) {
    std::vector<NetworkTensor> tensors;
    NetworkOperator op;
    op.name = name;
    const auto add = [&tensors](std::vector<std::int32_t> shape) {
        NetworkTensor tensor;
        tensor.elements = 1;
        for (const std::int32_t dimension : shape) {
            tensor.elements *= static_cast<std::uint64_t>(dimension);
        }
        tensor.shape = std::move(shape);
        tensors.push_back(std::move(tensor));
        return static_cast<std::int32_t>(tensors.size()) - 1;
    };
    for (const std::vector<std::int32_t>& shape : inputs) {
        op.inputs.push_back(shape.empty() ? -1 : add(shape));
    }
    op.outputs = {add(std::move(output))};
    return macsOf(op, tensors);
}

std::uint64_t macs(const char* name, const std::vector<std::vector<std::int32_t>>& inputs,
                   std::vector<std::int32_t> output) {
    const MacCount counted = count(name, inputs, std::move(output));
    EXPECT_EQ(counted.wrong, nullptr);
    return counted.macs;
}

TEST(Macs, Convolutions) {
    EXPECT_EQ(macs("CONV_2D", {{1, 8, 8, 3}, {16, 3, 3, 3}, {16}}, {1, 4, 4, 16}), 4U * 4 * 16 * 27);
    EXPECT_EQ(macs("DEPTHWISE_CONV_2D", {{1, 8, 8, 16}, {1, 3, 3, 16}, {16}}, {1, 4, 4, 16}), 4U * 4 * 16 * 9);
    EXPECT_EQ(macs("CONV_3D", {{1, 4, 8, 8, 3}, {2, 3, 3, 3, 16}}, {1, 2, 4, 4, 16}), 2U * 4 * 4 * 16 * 54);
    // 5 x 5 values of 8 channels, each times a filter of 3 x 3 for 4 channels.
    EXPECT_EQ(macs("TRANSPOSE_CONV", {{4}, {4, 3, 3, 8}, {1, 5, 5, 8}}, {1, 10, 10, 4}), 5U * 5 * 8 * 9 * 4);
}

TEST(Macs, Matrices) {
    EXPECT_EQ(macs("FULLY_CONNECTED", {{1, 64}, {12, 64}, {12}}, {1, 12}), 12U * 64);
    EXPECT_EQ(macs("FULLY_CONNECTED", {{5, 64}, {12, 64}, {}}, {5, 12}), 5U * 12 * 64);
    EXPECT_EQ(macs("BATCH_MATMUL", {{2, 3, 5}, {2, 5, 7}}, {2, 3, 7}), 2U * 3 * 7 * 5);
    EXPECT_EQ(macs("BATCH_MATMUL", {{2, 5, 3}, {2, 5, 7}}, {2, 3, 7}), 2U * 3 * 7 * 5) << "the first transposed";
}

TEST(Macs, RecurrentOnes) {
    // 8 filters over 16 inputs and 10 time steps.
    EXPECT_EQ(macs("SVDF", {{1, 16}, {8, 16}, {8, 10}, {}, {1, 80}}, {1, 8}), 8U * (16 + 10));
    // 20 steps of 6 values into 4 units: four gates, from data and state.
    const std::vector<std::vector<std::int32_t>> lstm = {{1, 20, 6}, {4, 6}, {4, 6}, {4, 6}, {4, 6},
                                                         {4, 4},     {4, 4}, {4, 4}, {4, 4}, {}};
    EXPECT_EQ(macs("UNIDIRECTIONAL_SEQUENCE_LSTM", lstm, {1, 20, 4}), 20U * 4 * (4 * 6 + 4 * 4));
    EXPECT_EQ(macs("UNIDIRECTIONAL_SEQUENCE_RNN", {{1, 20, 6}, {4, 6}, {4, 4}, {4}}, {1, 20, 4}),
              20U * (4 * 6 + 4 * 4));
}

TEST(Macs, OthersAddUpNoProducts) {
    EXPECT_EQ(macs("SOFTMAX", {{1, 12}}, {1, 12}), 0U);
    EXPECT_EQ(macs("ADD", {{1, 12}, {1, 12}}, {1, 12}), 0U);
}

TEST(Macs, TensorsThatDoNotFitAreNoConvolution) {
    EXPECT_STREQ(count("CONV_2D", {{1, 8, 8, 3}, {16, 3, 3}}, {1, 4, 4, 16}).wrong,
                 "has a filter or an output with the wrong number of dimensions");
    EXPECT_STREQ(count("CONV_2D", {{1, 8, 8, 3}, {16, 3, 3, 3}}, {1, 4, 4, 15}).wrong,
                 "has a filter that does not fit its output");
    EXPECT_STREQ(count("FULLY_CONNECTED", {{1, 64}, {}}, {1, 12}).wrong, "lacks an input, a filter or an output");
    EXPECT_EQ(macs("SVDF", {{1, 16}}, {1, 8}), 0U) << "nothing is known of it";
}

} // namespace
} // namespace simprof
