// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/network/network.h"

#include "reference_run.h"
#include "tests/profiler/network_files.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>
#include <random>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simprof {
namespace {

using test::ownNetwork;
using test::readFile;
using test::realNetwork;
using test::runReference;

const NetworkTensor& outputOf(const Network& network, const NetworkOperator& op) {
    return network.tensors.at(static_cast<std::size_t>(op.outputs.at(0)));
}

/// One line per operator: name, output shape, MACs.
std::vector<std::string> layers(const Network& network) {
    std::vector<std::string> lines;
    for (const NetworkOperator& op : network.operators) {
        lines.push_back(fmt::format("{} {} {}", op.name, fmt::join(outputOf(network, op).shape, "x"), op.macs));
    }
    return lines;
}

/// Weights and biases; not the shapes and axes that some operators take as constants.
std::uint64_t parameters(const Network& network) {
    std::uint64_t count = 0;
    for (const NetworkTensor& tensor : network.tensors) {
        count += tensor.constant && !tensor.scale.empty() ? tensor.elements : 0;
    }
    return count;
}

/// FNV-1a over everything that decides what the network computes, but not over how the file lays it out.
std::uint32_t fingerprint(const Network& network, std::span<const std::byte> file) {
    std::uint32_t hash = 2166136261u;
    const auto add = [&hash](std::uint32_t value) {
        for (int shift = 0; shift < 32; shift += 8) {
            hash = (hash ^ (value >> shift & 0xff)) * 16777619u;
        }
    };
    for (const std::string& line : layers(network)) {
        std::ranges::for_each(line, [&](char c) { add(static_cast<std::uint32_t>(c)); });
    }
    for (const NetworkTensor& tensor : network.tensors) {
        std::ranges::for_each(tensor.scale, [&](float scale) { add(std::bit_cast<std::uint32_t>(scale)); });
        std::ranges::for_each(tensor.zeroPoint, [&](std::int64_t zero) { add(static_cast<std::uint32_t>(zero)); });
        if (tensor.constant) {
            for (const std::byte byte : file.subspan(tensor.constant->offset, tensor.constant->bytes)) {
                add(static_cast<std::uint32_t>(byte));
            }
        }
    }
    return hash;
}

struct Expected {
    const char* name;
    std::size_t operators;
    std::uint64_t parameters;
    std::uint64_t macs;
    std::uint32_t fingerprint; ///< changes only when generate.py is meant to make another network
};

constexpr Expected kNetworks[] = {
    {"sine", 3, 321, 288, 0xb960cb8a},
    {"weather", 3, 110, 96, 0x09391b17},
    {"kws", 13, 22'604, 2'656'768, 0x13ad3683},
    {"ad", 10, 265'864, 264'192, 0x95932e56},
    {"ic", 16, 77'706, 12'501'632, 0xdeb8bcef},
    {"vww", 31, 210'850, 7'489'664, 0xe0865957},
    {"mobilenetv2", 69, 1'611'504, 8'970'112, 0x4c960397},
};

TEST(Models, AreTheSameOnEachMachine) {
    for (const Expected& expected : kNetworks) {
        SCOPED_TRACE(expected.name);
        const std::vector<std::byte> file = readFile(ownNetwork(expected.name));
        ASSERT_FALSE(file.empty()) << "build the target simprof_models";
        const Network network = readNetwork(file);
        EXPECT_EQ(network.operators.size(), expected.operators);
        EXPECT_EQ(parameters(network), expected.parameters);
        std::uint64_t macs = 0;
        std::ranges::for_each(network.operators, [&macs](const NetworkOperator& op) { macs += op.macs; });
        EXPECT_EQ(macs, expected.macs);
        EXPECT_EQ(fingerprint(network, file), expected.fingerprint)
            << fmt::format("0x{:08x}", fingerprint(network, file));
    }
}

TEST(Models, HaveTheLayersOfTheRealOnes) {
    const std::map<std::string, std::string> pairs = {{"kws", "kws_ref_model.tflite"},
                                                      {"ad", "ad01_int8.tflite"},
                                                      {"ic", "pretrainedResnet_quant.tflite"},
                                                      {"vww", "vww_96_int8.tflite"},
                                                      {"sine", "hello_world_int8.tflite"}};
    for (const auto& [own, real] : pairs) {
        const std::vector<std::byte> file = readFile(realNetwork(real));
        if (file.empty()) {
            GTEST_SKIP() << "../shared/models is not there: the shapes are not compared with trained networks";
        }
        EXPECT_EQ(layers(readNetwork(readFile(ownNetwork(own)))), layers(readNetwork(file))) << own;
    }
}

TEST(Models, MobileNetV2IsKeras) {
    const Network network = readNetwork(readFile(ownNetwork("mobilenetv2")));
    const std::vector<std::string> lines = layers(network);
    EXPECT_THAT(std::vector(lines.begin(), lines.begin() + 7),
                testing::ElementsAre("CONV_2D 1x40x40x16 691200", "DEPTHWISE_CONV_2D 1x40x40x16 230400",
                                     "CONV_2D 1x40x40x8 204800", "CONV_2D 1x40x40x48 614400", "PAD 1x41x41x48 0",
                                     "DEPTHWISE_CONV_2D 1x20x20x48 172800", "CONV_2D 1x20x20x8 153600"));
    EXPECT_THAT(std::vector(lines.end() - 4, lines.end()),
                testing::ElementsAre("CONV_2D 1x3x3x1280 1105920", "MEAN 1x1280 0", "FULLY_CONNECTED 1x1000 1280000",
                                     "SOFTMAX 1x1000 0"));
    // The two tensors that decide how much SRAM the network needs.
    EXPECT_EQ(outputOf(network, network.operators[3]).bytes, 76'800u);
    EXPECT_EQ(outputOf(network, network.operators[4]).bytes, 80'688u);
    const auto count = [&](const char* name) {
        return std::ranges::count(network.operators, name, &NetworkOperator::name);
    };
    EXPECT_EQ(count("PAD"), 4);
    EXPECT_EQ(count("ADD"), 10);
}

TEST(Models, SineIsASine) {
    const std::vector<std::byte> file = readFile(ownNetwork("sine"));
    const Network network = readNetwork(file);
    const NetworkTensor& output = network.tensors.at(static_cast<std::size_t>(network.outputs.at(0)));
    double sum = 0;
    for (int q = -128; q < 128; ++q) {
        const auto values = runReference(file, {static_cast<std::int8_t>(q)});
        const int y = values.at(static_cast<std::size_t>(network.outputs.at(0))).at(0);
        const double angle = 2 * std::numbers::pi * (q + 128) / 255;
        sum += std::abs(output.scale[0] * static_cast<float>(y - output.zeroPoint[0]) - std::sin(angle));
    }
    EXPECT_LT(sum / 256, 0.05);
}

/// Three hours of weather, oldest first, as the network wants them: temperature / 10 and (humidity - 70) / 20.
bool snows(std::span<const std::byte> file, const Network& network, std::array<double, 3> celsius,
           std::array<double, 3> percent) {
    const NetworkTensor& in = network.tensors.at(static_cast<std::size_t>(network.inputs.at(0)));
    std::vector<std::int8_t> input;
    const auto put = [&](double value) {
        input.push_back(static_cast<std::int8_t>(
            std::clamp(std::round(value / in.scale[0]) + static_cast<double>(in.zeroPoint[0]), -128.0, 127.0)));
    };
    std::ranges::for_each(celsius, [&](double t) { put(t / 10); });
    std::ranges::for_each(percent, [&](double h) { put((h - 70) / 20); });
    const auto values = runReference(file, input);
    const std::vector<std::int8_t>& answer = values.at(static_cast<std::size_t>(network.outputs.at(0)));
    return answer.at(1) > answer.at(0);
}

TEST(Models, WeatherFollowsItsRule) {
    const std::vector<std::byte> file = readFile(ownNetwork("weather"));
    const Network network = readNetwork(file);
    EXPECT_TRUE(snows(file, network, {-2, -3, -4}, {88, 90, 95}));
    EXPECT_FALSE(snows(file, network, {8, 8, 9}, {88, 90, 95})) << "too warm";
    EXPECT_FALSE(snows(file, network, {-2, -3, -4}, {50, 52, 51})) << "too dry";

    std::mt19937 random(7);
    const auto between = [&random](double low, double high) { return low + (high - low) * (random() / 4294967296.0); };
    int right = 0;
    constexpr int kDays = 1000;
    for (int day = 0; day < kDays; ++day) {
        std::array<double, 3> t{between(-10, 14)}, h{between(40, 100)};
        for (std::size_t hour = 1; hour < 3; ++hour) {
            t[hour] = t[hour - 1] + between(-2, 2);
            h[hour] = std::clamp(h[hour - 1] + between(-8, 8), 20.0, 100.0);
        }
        const bool rule = t[2] + (t[2] - t[0]) / 4 < 1.5 && h[2] + (h[2] - h[0]) / 4 > 80;
        right += snows(file, network, t, h) == rule;
    }
    EXPECT_GT(right, kDays * 95 / 100);
}

/// A coarse random pattern drawn smoothly, as sensors see the world; each channel has its own.
std::vector<std::int8_t> smoothInput(const std::vector<std::int32_t>& shape, unsigned seed) {
    std::mt19937 random(seed);
    const bool image = shape.size() == 4;
    const int h = image ? shape[1] : 1, w = image ? shape[2] : shape[1], channels = image ? shape[3] : 1;
    std::vector<std::array<double, 36>> patterns(static_cast<std::size_t>(channels));
    for (auto& pattern : patterns) {
        std::ranges::generate(pattern, [&] { return static_cast<double>(random() % 240) - 120; });
    }
    std::vector<std::int8_t> values;
    for (int i = 0; i < h * w * channels; ++i) {
        const double y = 4.0 * (i / channels / w) / h, x = 4.0 * (i / channels % w) / w;
        const int row = static_cast<int>(y), column = static_cast<int>(x);
        const auto corner = [&](int dy, int dx) {
            return patterns[static_cast<std::size_t>(i % channels)]
                           [static_cast<std::size_t>((row + dy) * 6 + column + dx)];
        };
        const double top = std::lerp(corner(0, 0), corner(0, 1), x - column);
        const double bottom = std::lerp(corner(1, 0), corner(1, 1), x - column);
        values.push_back(static_cast<std::int8_t>(std::lerp(top, bottom, y - row)));
    }
    return values;
}

/// Random networks are worth something for measurements only if values flow through them as through trained ones.
TEST(Models, NoLayerIsSaturatedOrDead) {
    for (const char* name : {"kws", "ad", "ic", "vww", "mobilenetv2"}) {
        SCOPED_TRACE(name);
        const std::vector<std::byte> file = readFile(ownNetwork(name));
        const Network network = readNetwork(file);
        const auto input = static_cast<std::size_t>(network.inputs.at(0));
        std::set<std::vector<std::int8_t>> answers;
        for (unsigned seed = 1; seed <= 3; ++seed) {
            const auto values = runReference(file, smoothInput(network.tensors[input].shape, seed));
            for (const NetworkOperator& op : network.operators) {
                const std::vector<std::int8_t>& layer = values.at(static_cast<std::size_t>(op.outputs[0]));
                if (op.name == "SOFTMAX" || layer.size() < 32) {
                    continue;
                }
                SCOPED_TRACE(fmt::format("operator {} ({})", op.index, op.name));
                const auto share = [&layer](std::int8_t value) {
                    return static_cast<double>(std::ranges::count(layer, value)) / static_cast<double>(layer.size());
                };
                EXPECT_LT(share(127), 0.08);
                EXPECT_LT(share(-128), 0.85);
                EXPECT_GT(std::set<std::int8_t>(layer.begin(), layer.end()).size(), 12u);
            }
            const std::vector<std::int8_t>& answer = values.at(static_cast<std::size_t>(network.outputs.at(0)));
            EXPECT_GT(std::set<std::int8_t>(answer.begin(), answer.end()).size(), 1u) << "all answers are alike";
            answers.insert(answer);
        }
        EXPECT_EQ(answers.size(), 3u) << "the answer does not depend on the input";
    }
}

} // namespace
} // namespace simprof
