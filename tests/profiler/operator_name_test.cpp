// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/operator_name.h"

#include <gtest/gtest.h>

#include <vector>

namespace simprof {
namespace {

TEST(OperatorName, IsInTheFunctionsName) {
    EXPECT_EQ(operatorFromName("arm_convolve_1x1_s8_fast"), "CONV_2D");
    EXPECT_EQ(operatorFromName("arm_depthwise_conv_s8_opt"), "DEPTHWISE_CONV_2D");
    EXPECT_EQ(operatorFromName("tml_conv2d_dwconv2d"), "") << "it runs either";
    EXPECT_EQ(operatorFromName("node_convert"), "QUANTIZE") << "no convolution";
    EXPECT_EQ(operatorFromName("fused_nn_conv2d_add_requantize"), "CONV_2D") << "what it ends with is part of it";
    EXPECT_EQ(operatorFromName("runAdd"), "ADD");
    EXPECT_EQ(operatorFromName("runtime::DspKernels::add"), "ADD");
    EXPECT_EQ(operatorFromName("local_pad_q7"), "PAD");
    for (const char* other : {"main", "__adddf3", "__aeabi_fadd", "paddle"}) {
        EXPECT_EQ(operatorFromName(other), "") << other;
    }
}

TEST(OperatorName, OfALayerFollowsFromWhatWorkedForIt) {
    using Names = std::vector<std::string>;
    EXPECT_EQ(operatorFromNames("layer_run", Names{"arm_nn_mat_mult", "arm_convolve_s8"}), "CONV_2D");
    EXPECT_EQ(operatorFromNames("rnn_run", Names{"local_fully_connected", "gru_cell_run"}), "GRU");
    EXPECT_EQ(operatorFromNames("conv2d_run", Names{"local_dot", "lstm_helper"}), "CONV_2D") << "its own name is sure";
    EXPECT_EQ(operatorFromNames("sub_08000100", Names{"sub_08000200"}), "");
    EXPECT_EQ(operatorFromNames("eval", Names{"requantize", "arm_nn_relu"}), "") << "layers of any kind call these";
}

} // namespace
} // namespace simprof
