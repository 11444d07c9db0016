// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/network/network.h"

#include "network_files.h"
#include "sim_core/error.h"

#include <cstring>
#include <functional>
#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tflite_generated.h>

namespace simprof {
namespace {

/// One fully connected operator from 4 values to 2; every field a test may spoil.
struct Recipe {
    std::uint32_t version = 3;
    std::vector<std::int32_t> filterShape = {2, 4};
    std::vector<std::int32_t> outputShape = {1, 2};
    std::size_t filterBytes = 8;
    std::uint32_t filterBuffer = 1;
    std::vector<float> scales = {0.5f};
    std::vector<std::int64_t> zeroPoints = {0};
    std::int32_t quantizedDimension = 0;
    tflite::TensorType type = tflite::TensorType::INT8;
    std::uint32_t opcodeIndex = 0;
    std::vector<std::int32_t> inputs = {0, 1, -1};
    std::vector<std::int32_t> outputs = {2};
    std::vector<std::int32_t> graphInputs = {0};
    tflite::BuiltinOperator code = tflite::BuiltinOperator::FULLY_CONNECTED;
    const char* customCode = nullptr;
    bool graph = true;
};

std::vector<std::byte> build(const Recipe& recipe) {
    flatbuffers::FlatBufferBuilder fbb;
    const auto quantization = tflite::CreateQuantizationParametersDirect(fbb, nullptr, nullptr, &recipe.scales,
                                                                         &recipe.zeroPoints, recipe.quantizedDimension);
    const std::vector<std::int32_t> inputShape = {1, 4};
    std::vector<flatbuffers::Offset<tflite::Tensor>> tensors = {
        tflite::CreateTensorDirect(fbb, &inputShape, tflite::TensorType::INT8, 0, "input\n\xff"),
        tflite::CreateTensorDirect(fbb, &recipe.filterShape, recipe.type, recipe.filterBuffer, "filter", quantization),
        tflite::CreateTensorDirect(fbb, &recipe.outputShape, tflite::TensorType::INT8, 0, "output")};
    std::vector<flatbuffers::Offset<tflite::Operator>> operators = {
        tflite::CreateOperatorDirect(fbb, recipe.opcodeIndex, &recipe.inputs, &recipe.outputs)};
    const std::vector<std::int32_t> graphOutputs = {2};
    std::vector<flatbuffers::Offset<tflite::SubGraph>> graphs;
    if (recipe.graph) {
        graphs.push_back(tflite::CreateSubGraphDirect(fbb, &tensors, &recipe.graphInputs, &graphOutputs, &operators));
    }
    std::vector<flatbuffers::Offset<tflite::OperatorCode>> codes = {
        tflite::CreateOperatorCodeDirect(fbb, 0, recipe.customCode, 1, recipe.code)};
    const std::vector<std::uint8_t> data(recipe.filterBytes, 1);
    std::vector<flatbuffers::Offset<tflite::Buffer>> buffers = {tflite::CreateBuffer(fbb),
                                                                tflite::CreateBufferDirect(fbb, &data)};
    fbb.Finish(tflite::CreateModelDirect(fbb, recipe.version, &codes, &graphs, "tiny", &buffers),
               tflite::ModelIdentifier());
    const auto* first = reinterpret_cast<const std::byte*>(fbb.GetBufferPointer());
    return {first, first + fbb.GetSize()};
}

std::string errorOf(const std::vector<std::byte>& file) {
    try {
        readNetwork(file);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

TEST(CorruptNetwork, TheUnspoiltOneReads) {
    const Network network = readNetwork(build({}));
    ASSERT_EQ(network.operators.size(), 1u);
    EXPECT_EQ(network.operators[0].name, "FULLY_CONNECTED");
    EXPECT_EQ(network.operators[0].macs, 8u);
    EXPECT_THAT(network.operators[0].inputs, testing::ElementsAre(0, 1, -1));
    EXPECT_EQ(network.tensors[0].name, "input??");
    EXPECT_EQ(network.tensors[1].constant->bytes, 8u);
}

TEST(CorruptNetwork, ScalesAlongAnotherDimensionThanNamedAreUnderstood) {
    Recipe recipe;
    recipe.scales = {1, 2, 3, 4};
    recipe.quantizedDimension = 3; // of two: what older converters write for a bias
    EXPECT_EQ(readNetwork(build(recipe)).tensors.at(1).quantizedDimension, 1);
}

TEST(CorruptNetwork, CustomAndUnknownOperatorsHaveNames) {
    Recipe recipe{.code = tflite::BuiltinOperator::CUSTOM, .customCode = "MyOperator"};
    EXPECT_EQ(readNetwork(build(recipe)).operators[0].name, "MyOperator");
    recipe.customCode = nullptr;
    EXPECT_EQ(readNetwork(build(recipe)).operators[0].name, "CUSTOM");
    recipe.code = static_cast<tflite::BuiltinOperator>(999);
    EXPECT_EQ(readNetwork(build(recipe)).operators[0].name, "OPERATOR_999");
}

TEST(CorruptNetwork, EachMistakeIsNamed) {
    struct Case {
        std::function<void(Recipe&)> spoil;
        const char* message;
    };
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const Case cases[] = {
        {[](Recipe& r) { r.version = 2; }, "format version 2 instead of 3"},
        {[](Recipe& r) { r.graph = false; }, "it has no subgraph"},
        {[](Recipe& r) {
             r.filterShape = {2, -4};
         },
         "tensor 1 has the negative dimension -4"},
        {[](Recipe& r) {
             r.filterShape = {65536, 65536};
         },
         "tensor 1 has more than 2^31 elements"},
        {[](Recipe& r) { r.filterShape = {1, 1, 1, 1, 1, 1, 1, 1, 8}; }, "tensor 1 has 9 dimensions"},
        {[](Recipe& r) { r.filterBytes = 7; }, "tensor 1 has 7 bytes of data but its shape needs 8"},
        {[](Recipe& r) { r.filterBuffer = 2; }, "tensor 1 names buffer 2 of 2"},
        {[](Recipe& r) { r.type = static_cast<tflite::TensorType>(99); }, "tensor 1 has the unknown element type 99"},
        {[](Recipe& r) {
             r.scales = {1, 2, 3};
         },
         "tensor 1 has 3 scales, which is not its number of channels"},
        {[&](Recipe& r) { r.scales = {nan}; }, "tensor 1 has a scale that is no number"},
        {[](Recipe& r) {
             r.scales = {1, 2}, r.quantizedDimension = -1;
         },
         "tensor 1 has 2 scales"},
        {[](Recipe& r) {
             r.zeroPoints = {0, 0};
         },
         "tensor 1 has more zero points than scales"},
        {[](Recipe& r) { r.opcodeIndex = 1; }, "operator 0 names operator code 1 of 1"},
        {[](Recipe& r) {
             r.inputs = {0, 3};
         },
         "operator 0 (FULLY_CONNECTED) names tensor 3 of 3"},
        {[](Recipe& r) {
             r.inputs = {0, -2};
         },
         "operator 0 (FULLY_CONNECTED) names tensor -2 of 3"},
        {[](Recipe& r) {
             r.inputs = {0, -1};
         },
         "operator 0 (FULLY_CONNECTED) lacks an input, a filter or an output"},
        {[](Recipe& r) { r.outputs = {-1}; }, "operator 0 (FULLY_CONNECTED) names tensor -1 of 3"},
        {[](Recipe& r) { r.outputs = {}; }, "operator 0 (FULLY_CONNECTED) lacks an input, a filter or an output"},
        {[](Recipe& r) { r.graphInputs = {-1}; }, "the list of inputs names tensor -1 of 3"},
        {[](Recipe& r) {
             r.outputShape = {1, 3};
         },
         "operator 0 (FULLY_CONNECTED) has a filter that does not fit"},
        {[](Recipe& r) { r.filterShape = {8}; }, "wrong number of dimensions"},
        {[](Recipe& r) { r.code = tflite::BuiltinOperator::CONV_2D; }, "wrong number of dimensions"},
    };
    for (const Case& one : cases) {
        Recipe recipe;
        one.spoil(recipe);
        const std::vector<std::byte> file = build(recipe);
        EXPECT_THAT(errorOf(file), testing::HasSubstr(one.message));
        EXPECT_TRUE(findNetworks(file, 0).empty()) << one.message;
    }
}

TEST(CorruptNetwork, OtherFilesAreNoNetwork) {
    EXPECT_THAT(errorOf({}), testing::HasSubstr("not a .tflite network"));
    EXPECT_THAT(errorOf(std::vector<std::byte>(4096)), testing::HasSubstr("not a .tflite network"));
}

TEST(CorruptNetwork, TruncatedAnywhere) {
    const std::vector<std::byte> file = test::readFile(test::ownNetwork("sine"));
    ASSERT_FALSE(file.empty());
    for (std::size_t size = 0; size < file.size(); ++size) {
        // A copy of its own, so that a read behind the end is seen by AddressSanitizer.
        const std::vector<std::byte> cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_NE(errorOf(cut), "") << size;
    }
}

/// What whoever uses a Network relies on.
void expectSound(const Network& network, std::size_t fileSize) {
    const auto count = static_cast<std::int32_t>(network.tensors.size());
    for (const NetworkTensor& tensor : network.tensors) {
        if (tensor.constant) {
            ASSERT_LE(std::uint64_t{tensor.constant->offset} + tensor.constant->bytes, fileSize);
        }
        if (tensor.shapeOffset) {
            ASSERT_LE(*tensor.shapeOffset + 4 + 4 * tensor.shape.size(), fileSize);
        }
    }
    for (const NetworkOperator& op : network.operators) {
        for (const std::int32_t tensor : op.inputs) {
            ASSERT_TRUE(tensor >= -1 && tensor < count);
        }
        for (const std::int32_t tensor : op.outputs) {
            ASSERT_TRUE(tensor >= 0 && tensor < count);
        }
    }
    ASSERT_LE(network.usedBytes, fileSize);
}

/// Thousands of copies with a few bytes changed. Most changes go where the file has structure and not weights; the
/// bytes written are those that hurt: small, near a limit, or copied from elsewhere in the file.
void mutate(const std::vector<std::byte>& original, int rounds) {
    ASSERT_FALSE(original.empty());
    std::mt19937 random(1);
    const auto below = [&random](std::size_t limit) { return static_cast<std::size_t>(random()) % limit; };
    constexpr std::uint32_t kWords[] = {0,           1,           4,           0x7f,        0xff,
                                        0x7fff'ffff, 0x8000'0000, 0xffff'ffff, 0x7fff'fffc, 0x1000};
    int accepted = 0;
    for (int round = 0; round < rounds; ++round) {
        std::vector<std::byte> file = original;
        for (std::size_t change = 0; change <= below(4); ++change) {
            const std::size_t at = below(file.size() - 4);
            switch (below(4)) {
            case 0: file[at] ^= static_cast<std::byte>(1u << below(8)); break;
            case 1: std::memcpy(&file[at & ~std::size_t{3}], &kWords[below(std::size(kWords))], 4); break;
            case 2:
                std::memcpy(&file[at & ~std::size_t{3}], &original[below(file.size() - 4) & ~std::size_t{3}], 4);
                break;
            default: file[at] = static_cast<std::byte>(below(256)); break;
            }
        }
        try {
            expectSound(readNetwork(file), file.size());
            ++accepted;
        } catch (const Error&) {
        }
        for (const NetworkImage& image : findNetworks(file, 0x0800'0000)) {
            expectSound(image.network, file.size());
        }
    }
    // Both must happen: changed weights and names leave a network sound, changed offsets do not.
    EXPECT_GT(accepted, rounds / 20);
    EXPECT_LT(accepted, rounds);
}

TEST(CorruptNetwork, MutatedTiny) { mutate(build({}), 20000); }

TEST(CorruptNetwork, MutatedSine) { mutate(test::readFile(test::ownNetwork("sine")), 10000); }

TEST(CorruptNetwork, MutatedWeather) { mutate(test::readFile(test::ownNetwork("weather")), 10000); }

TEST(CorruptNetwork, TablesSharedManyTimesDoNotExplode) {
    // 100,000 tensors that are one tensor, whose shape is one long vector: reading it in full would take forever.
    flatbuffers::FlatBufferBuilder fbb;
    const std::vector<std::int32_t> longShape(100'000, 1);
    const auto tensor = tflite::CreateTensorDirect(fbb, &longShape, tflite::TensorType::INT8, 0, "shared");
    const std::vector<flatbuffers::Offset<tflite::Tensor>> tensors(100'000, tensor);
    std::vector<flatbuffers::Offset<tflite::Operator>> operators = {tflite::CreateOperatorDirect(fbb)};
    const std::vector<flatbuffers::Offset<tflite::SubGraph>> graphs(
        1, tflite::CreateSubGraphDirect(fbb, &tensors, nullptr, nullptr, &operators));
    std::vector<flatbuffers::Offset<tflite::Buffer>> buffers = {tflite::CreateBuffer(fbb)};
    fbb.Finish(tflite::CreateModelDirect(fbb, 3, nullptr, &graphs, "", &buffers), tflite::ModelIdentifier());
    const auto* first = reinterpret_cast<const std::byte*>(fbb.GetBufferPointer());
    EXPECT_NE(errorOf({first, first + fbb.GetSize()}), "");
}

TEST(CorruptNetwork, FlashFullOfPromisesIsScannedOnce) {
    std::vector<std::byte> flash(2 << 20);
    for (std::size_t at = 0; at < flash.size(); at += 8) {
        const std::uint32_t root = 16;
        std::memcpy(&flash[at], &root, 4);
        std::memcpy(&flash[at + 4], "TFL3", 4);
    }
    EXPECT_TRUE(findNetworks(flash, 0x0800'0000).empty());
}

} // namespace
} // namespace simprof
