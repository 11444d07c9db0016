// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/network/network.h"

#include "network_files.h"
#include "sim_core/error.h"

#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simprof {
namespace {

using test::ownNetwork;
using test::readFile;
using test::realNetwork;

std::uint32_t wordAt(const std::vector<std::byte>& file, std::uint32_t offset) {
    std::uint32_t word = 0;
    std::memcpy(&word, &file.at(offset), sizeof word);
    return word;
}

/// The length word and the values after it, as firmware finds them behind the pointer it holds.
std::vector<std::int32_t> vectorAt(const std::vector<std::byte>& file, std::uint32_t offset) {
    std::vector<std::int32_t> values;
    for (std::uint32_t i = 0; i < wordAt(file, offset); ++i) {
        values.push_back(static_cast<std::int32_t>(wordAt(file, offset + 4 + 4 * i)));
    }
    return values;
}

std::uint64_t totalMacs(const Network& network) {
    std::uint64_t total = 0;
    for (const NetworkOperator& op : network.operators) {
        total += op.macs;
    }
    return total;
}

struct RealNetwork {
    const char* file;
    std::size_t operators;
    std::uint64_t macs;
    const char* first;
    const char* last;
};

// MACs by hand from the layer shapes; the keyword spotter's are 25*5*64*(40 + 4*9 + 4*64) + 64*12.
constexpr RealNetwork kRealNetworks[] = {
    {"kws_ref_model.tflite", 13, 2'656'768, "CONV_2D", "SOFTMAX"},
    {"ad01_int8.tflite", 10, 264'192, "FULLY_CONNECTED", "FULLY_CONNECTED"},
    {"pretrainedResnet_quant.tflite", 16, 12'501'632, "CONV_2D", "SOFTMAX"},
    {"vww_96_int8.tflite", 31, 7'489'664, "CONV_2D", "SOFTMAX"},
    {"hello_world_int8.tflite", 3, 288, "FULLY_CONNECTED", "FULLY_CONNECTED"},
};

TEST(Network, RealNetworksReadAsTheyAreKnown) {
    for (const RealNetwork& expected : kRealNetworks) {
        const std::vector<std::byte> file = readFile(realNetwork(expected.file));
        if (file.empty()) {
            GTEST_SKIP() << "../shared/models is not there: trained networks are not tested";
        }
        SCOPED_TRACE(expected.file);
        const Network network = readNetwork(file);
        EXPECT_EQ(network.operators.size(), expected.operators);
        EXPECT_EQ(totalMacs(network), expected.macs);
        EXPECT_EQ(network.operators.front().name, expected.first);
        EXPECT_EQ(network.operators.back().name, expected.last);
        EXPECT_EQ(network.usedBytes, file.size());
    }
}

TEST(Network, OffsetsAreWhereFirmwarePointsTo) {
    const std::vector<std::byte> file = readFile(ownNetwork("kws"));
    ASSERT_FALSE(file.empty());
    const Network network = readNetwork(file);
    for (const NetworkOperator& op : network.operators) {
        SCOPED_TRACE(op.name);
        EXPECT_EQ(vectorAt(file, op.inputsOffset.value()), op.inputs);
        EXPECT_EQ(vectorAt(file, op.outputsOffset.value()), op.outputs);
    }
    for (const NetworkTensor& tensor : network.tensors) {
        SCOPED_TRACE(tensor.name);
        EXPECT_EQ(vectorAt(file, tensor.shapeOffset.value()), tensor.shape);
        if (tensor.constant) {
            EXPECT_EQ(wordAt(file, tensor.constant->offset - 4), tensor.constant->bytes);
            EXPECT_EQ(tensor.constant->bytes, tensor.bytes);
            EXPECT_EQ(tensor.constant->offset % 16, 0u);
        }
    }
}

TEST(Network, TensorsCarryShapeTypeAndQuantisation) {
    const Network network = readNetwork(readFile(ownNetwork("kws")));
    const NetworkTensor& input = network.tensors.at(static_cast<std::size_t>(network.inputs.at(0)));
    EXPECT_THAT(input.shape, testing::ElementsAre(1, 49, 10, 1));
    EXPECT_EQ(input.type, "INT8");
    EXPECT_EQ(input.bytes, 490u);
    EXPECT_EQ(input.zeroPoint, std::vector<std::int64_t>{83});
    EXPECT_FALSE(input.constant);

    const NetworkOperator& depthwise = network.operators.at(1);
    const NetworkTensor& filter = network.tensors.at(static_cast<std::size_t>(depthwise.inputs.at(1)));
    EXPECT_THAT(filter.shape, testing::ElementsAre(1, 3, 3, 64));
    EXPECT_EQ(filter.scale.size(), 64u);
    EXPECT_EQ(filter.quantizedDimension, 3);
    EXPECT_EQ(depthwise.macs, 25u * 5 * 64 * 9);

    const NetworkTensor& bias = network.tensors.at(static_cast<std::size_t>(depthwise.inputs.at(2)));
    EXPECT_EQ(bias.type, "INT32");
    EXPECT_EQ(bias.bytes, 256u);
}

TEST(Network, OperatorsOfBodiesComeBehindThoseThatRunThem) {
    const Network network = readNetwork(readFile(ownNetwork("gate")));
    std::string text;
    for (const NetworkOperator& op : network.operators) {
        const Subgraph& graph = network.subgraphs.at(op.subgraph);
        text += fmt::format("{} {} {}.{} of {}\n", op.index, op.name, op.subgraph, op.place,
                            graph.caller ? static_cast<int>(*graph.caller) : -1);
        for (const std::int32_t tensor : op.inputs) {
            EXPECT_GE(static_cast<std::uint32_t>(tensor), graph.firstTensor);
            EXPECT_LT(static_cast<std::uint32_t>(tensor), graph.firstTensor + graph.tensorCount);
        }
    }
    EXPECT_EQ(text, "0 CALL_ONCE 0.0 of -1\n"
                    "1 VAR_HANDLE 1.0 of 0\n"
                    "2 ASSIGN_VARIABLE 1.1 of 0\n"
                    "3 FULLY_CONNECTED 0.1 of -1\n"
                    "4 VAR_HANDLE 0.2 of -1\n"
                    "5 READ_VARIABLE 0.3 of -1\n"
                    "6 ADD 0.4 of -1\n"
                    "7 IF 0.5 of -1\n"
                    "8 FULLY_CONNECTED 2.0 of 7\n"
                    "9 FULLY_CONNECTED 2.1 of 7\n"
                    "10 FULLY_CONNECTED 3.0 of 7\n"
                    "11 FULLY_CONNECTED 0.6 of -1\n");
    EXPECT_THAT(network.operators[7].bodies, testing::ElementsAre(2, 3));
    EXPECT_EQ(network.tensors.size(), 12U + 2 + 7 + 4);
}

TEST(FindNetworks, InFlashAmongCodeAndText) {
    const std::vector<std::byte> kws = readFile(ownNetwork("kws"));
    const std::vector<std::byte> sine = readFile(ownNetwork("sine"));
    ASSERT_FALSE(kws.empty() || sine.empty());
    std::vector<std::byte> flash(2 << 20, std::byte{0xff});
    const auto place = [&flash](std::size_t at, const std::vector<std::byte>& bytes) {
        std::ranges::copy(bytes, flash.begin() + static_cast<std::ptrdiff_t>(at));
    };
    place(0x10004, {sine.begin(), sine.begin() + 200}); // the start of one, cut off by what follows
    place(0x20010, kws);
    place(0x20010 + kws.size(), sine); // directly behind
    std::memcpy(&flash[0x100004], "TFL3", 4);
    std::memcpy(&flash[0x100101], "TFL3", 4);

    const auto expectBoth = [&](std::span<const std::byte> bytes) {
        const std::vector<NetworkImage> found = findNetworks(bytes, 0x0800'0000);
        ASSERT_EQ(found.size(), 2u);
        EXPECT_EQ(found[0].address, 0x0802'0010u);
        EXPECT_EQ(found[0].network.operators.size(), 13u);
        EXPECT_EQ(found[0].network.usedBytes, kws.size());
        EXPECT_EQ(found[1].address, 0x0802'0010u + kws.size());
        EXPECT_EQ(found[1].network.operators.size(), 3u);
    };
    expectBoth(flash);

    // The same bytes at an odd place in the host's memory.
    std::vector<std::byte> shifted(flash.size() + 1);
    std::ranges::copy(flash, shifted.begin() + 1);
    expectBoth(std::span(shifted).subspan(1));
}

TEST(FindNetworks, DamagedOnesAreToldWithTheirReason) {
    std::vector<std::byte> sine = readFile(ownNetwork("sine"));
    sine.resize(sine.size() / 2);
    std::vector<DamagedNetwork> damaged;
    EXPECT_TRUE(findNetworks(sine, 0x0800'0400, &damaged).empty());
    ASSERT_EQ(damaged.size(), 1u);
    EXPECT_EQ(damaged[0].address, 0x0800'0400u);
    EXPECT_FALSE(damaged[0].why.empty());
}

TEST(FindNetworks, AtMultiplesOfFourOfTheAddress) {
    const std::vector<std::byte> sine = readFile(ownNetwork("sine"));
    std::vector<std::byte> flash(2, std::byte{0});
    flash.insert(flash.end(), sine.begin(), sine.end());
    EXPECT_EQ(findNetworks(flash, 0x0800'0002).size(), 1u);
    EXPECT_EQ(findNetworks(flash, 0x0800'0000).size(), 0u);
    EXPECT_EQ(findNetworks({}, 0x0800'0002).size(), 0u);
}

} // namespace
} // namespace simprof
