// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/operator_name.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace simprof {

std::string operatorFromName(const std::string& name) {
    static constexpr std::array<std::pair<const char*, const char*>, 17> kWords = {
        {{"depthwise", "DEPTHWISE_CONV_2D"},
         {"dwconv", "DEPTHWISE_CONV_2D"},
         {"conv", "CONV_2D"},
         {"fully_connected", "FULLY_CONNECTED"},
         {"fullyconnected", "FULLY_CONNECTED"},
         {"dense", "FULLY_CONNECTED"},
         {"softmax", "SOFTMAX"},
         {"average_pool", "AVERAGE_POOL_2D"},
         {"avg_pool", "AVERAGE_POOL_2D"},
         {"averagepool", "AVERAGE_POOL_2D"},
         {"avgpool", "AVERAGE_POOL_2D"},
         {"max_pool", "MAX_POOL_2D"},
         {"maxpool", "MAX_POOL_2D"},
         {"reshape", "RESHAPE"},
         {"mean", "MEAN"},
         {"pad", "PAD"},
         {"add", "ADD"}}};
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const auto& [word, op] : kWords) {
        if (lower.find(word) != std::string::npos) {
            return op;
        }
    }
    return "";
}

} // namespace simprof
