// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/operator_name.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

namespace simprof {

namespace {

/// "Kernels::runAdd_s8" as "_kernels__run_add_s8_".
std::string inWords(const std::string& name) {
    std::string words = "_";
    for (const char c : name) {
        const bool isUpper = std::isupper(static_cast<unsigned char>(c)) != 0;
        if (isUpper && std::islower(static_cast<unsigned char>(words.back())) != 0) {
            words += '_';
        }
        const bool isWord = std::isalnum(static_cast<unsigned char>(c)) != 0;
        words += isWord ? static_cast<char>(std::tolower(static_cast<unsigned char>(c))) : '_';
    }
    return words + "_";
}

/// An operator that other layers' functions do not name as well: they scale, fill up and cut off.
bool isItsOwn(const std::string& op) {
    return op == "CONV_2D" || op == "DEPTHWISE_CONV_2D" || op == "TRANSPOSE_CONV" || op == "FULLY_CONNECTED" ||
           op == "SOFTMAX" || op == "AVERAGE_POOL_2D" || op == "MAX_POOL_2D" || op == "CONCATENATION";
}

} // namespace

std::string operatorFromName(const std::string& name) {
    static constexpr auto kWords =
        std::to_array<std::pair<const char*, const char*>>({{"transpose_conv", "TRANSPOSE_CONV"},
                                                            {"transposeconv", "TRANSPOSE_CONV"},
                                                            {"convtranspose", "TRANSPOSE_CONV"},
                                                            {"deconv", "TRANSPOSE_CONV"},
                                                            {"convert", "QUANTIZE"},
                                                            {"depthwise", "DEPTHWISE_CONV_2D"},
                                                            {"dwconv", "DEPTHWISE_CONV_2D"},
                                                            {"dw_conv", "DEPTHWISE_CONV_2D"},
                                                            {"conv", "CONV_2D"},
                                                            {"fully_connected", "FULLY_CONNECTED"},
                                                            {"fullyconnected", "FULLY_CONNECTED"},
                                                            {"dense", "FULLY_CONNECTED"},
                                                            {"gemm", "FULLY_CONNECTED"},
                                                            {"lstm", "LSTM"},
                                                            {"gru", "GRU"},
                                                            {"svdf", "SVDF"},
                                                            {"rnn", "RNN"},
                                                            {"softmax", "SOFTMAX"},
                                                            {"average_pool", "AVERAGE_POOL_2D"},
                                                            {"avg_pool", "AVERAGE_POOL_2D"},
                                                            {"averagepool", "AVERAGE_POOL_2D"},
                                                            {"avgpool", "AVERAGE_POOL_2D"},
                                                            {"max_pool", "MAX_POOL_2D"},
                                                            {"maxpool", "MAX_POOL_2D"},
                                                            {"concat", "CONCATENATION"},
                                                            {"divide_round", "QUANTIZE"}, // of microTVM
                                                            {"reshape", "RESHAPE"},
                                                            {"flatten", "RESHAPE"},
                                                            {"dequantize", "DEQUANTIZE"},
                                                            {"quantize", "QUANTIZE"},
                                                            {"sigmoid", "LOGISTIC"},
                                                            {"tanh", "TANH"},
                                                            {"relu", "RELU"},
                                                            {"_mean_", "MEAN"},
                                                            {"_pad_", "PAD"},
                                                            {"_add_", "ADD"}});
    const std::string lower = inWords(name);
    for (const auto& [word, op] : kWords) {
        const std::size_t at = lower.find(word);
        if (at != std::string::npos) {
            // "conv2d_dwconv2d" runs either.
            const bool isEither = std::string_view(op) == "DEPTHWISE_CONV_2D" && lower.find("conv") < at;
            return isEither ? "" : op;
        }
    }
    return "";
}

std::string operatorFromNames(const std::string& layer, std::span<const std::string> functions) {
    std::string first = operatorFromName(layer);
    const bool isUnsure = first.empty() || first == "RNN" || first == "FULLY_CONNECTED";
    for (const std::string& function : functions) {
        const std::string op = operatorFromName(function);
        if (isUnsure && (op == "LSTM" || op == "GRU" || op == "SVDF")) {
            return op;
        }
        first = first.empty() && isItsOwn(op) ? op : first;
    }
    return first;
}

} // namespace simprof
