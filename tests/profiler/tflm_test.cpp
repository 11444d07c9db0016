// SPDX-License-Identifier: GPL-2.0-or-later
// Which calls are kernels of TensorFlow Lite Micro, from a memory that holds nodes and tensors as it would.
#include "profiler/runtimes/tflm.h"
#include "tests/sim_core/tiny_machine.h"

#include <gtest/gtest.h>

namespace simprof {
namespace {

using test::kSram;

constexpr Address kModel = test::kFlash + 0x1000, kNodes = kSram + 0x40, kTensors = kSram + 0x100;
constexpr Address kPrepareSite = test::kCode + 0x20, kInvokeSite = test::kCode + 0x40;

/// Input, weights and output of a network of two operators.
NetworkImage twoOperators() {
    NetworkImage image;
    image.address = kModel;
    for (const std::uint32_t shape : {0x40U, 0x50U, 0x60U}) {
        NetworkTensor tensor;
        tensor.shapeOffset = shape;
        image.network.tensors.push_back(tensor);
    }
    image.network.tensors[1].constant = FileRange{0x200, 16};
    image.network.subgraphs.push_back({0, 3, {0}, {2}, std::nullopt});
    for (std::uint32_t index = 0; index < 2; ++index) {
        NetworkOperator op;
        op.index = op.place = index;
        op.inputsOffset = 0x80 + 0x10 * index;
        image.network.operators.push_back(op);
    }
    return image;
}

class Tflm : public testing::Test {
protected:
    Tflm() {
        word(kNodes, kModel + 0x80);
        word(kNodes + 0x10, kModel + 0x90);
    }
    void word(Address address, std::uint32_t value) {
        for (unsigned i = 0; i < 4; ++i) {
            m_tiny.machine().poke(address + i, static_cast<std::uint8_t>(value >> (8 * i)));
        }
    }
    void tensorTable(Address input) {
        const Address data[] = {input, kModel + 0x200, input};
        for (unsigned i = 0; i < 3; ++i) {
            word(kTensors + 12 * i, data[i]);
            word(kTensors + 12 * i + 4, kModel + 0x40 + 0x10 * i);
        }
    }
    /// The layer and what it begins: "0 inference", "1", "0 inference after preparation".
    std::string called(Address site, unsigned node) {
        const auto layer = m_tflm.layerOf({site, test::kCode, true, test::kCode, false, {0, kNodes + 0x10 * node}});
        return !layer ? "none"
                      : fmt::format("{}{}{}", layer->layer, layer->startsInference ? " inference" : "",
                                    layer->prepared.empty() ? "" : " after preparation");
    }

    /// Its RAM at address 0 is where the ITCM of an M7 lies.
    test::TinyMachine m_tiny{&kCortexM7, "Reset:\n    e7fe      | b Reset\n", [](McuDesc& mcu) {
                                 mcu.memories[1] = {"RAM at 0", MemoryKind::Sram, {0, 0x1000}, "", {}, {}};
                             }};
    NetworkImage m_image = twoOperators();
    TflmRecogniser m_tflm{{&m_image, 1}, m_tiny.machine().memory()};
};

TEST_F(Tflm, PrepareLooksLikeAnInferenceUntilItIsSeenAgainElsewhere) {
    tensorTable(0);
    EXPECT_EQ(called(kPrepareSite, 0), "0 inference");
    EXPECT_EQ(called(kPrepareSite, 1), "1");
    EXPECT_FALSE(m_tflm.surelyRan(0)) << "no tensor has an address";
    tensorTable(kSram + 0x400);
    EXPECT_EQ(called(kInvokeSite, 0), "0 inference after preparation");
    EXPECT_EQ(called(kInvokeSite, 1), "1");
    EXPECT_TRUE(m_tflm.surelyRan(0));
    EXPECT_EQ(called(kPrepareSite, 1), "none");
}

TEST_F(Tflm, ANetworkWithoutPlaceSaysWhatItNeedsAndHas) {
    Network& network = m_image.network;
    network.inputs = {0};
    network.outputs = {2};
    network.tensors[0].bytes = 100; // 112 of the arena
    network.tensors[2].bytes = 40;  // 48
    network.operators[0].inputs = {0, 1};
    network.operators[0].outputs = {2};
    tensorTable(0);
    const TflmNetwork known(m_image, m_tiny.machine().memory());
    EXPECT_FALSE(known.isPlaced());
    Evidence evidence;
    known.explainShortage(evidence);
    EXPECT_EQ(evidence.shortage, "they need at least 160 bytes at once");
    EXPECT_EQ(evidence.missing, 0U) << "nobody knows";
    constexpr Address kArena = kSram + 0x80;
    const Address pointers[] = {kArena, kArena + 0x180, kArena, kTensors};
    for (unsigned i = 0; i < 4; ++i) {
        word(kSram + 0x20 + 4 * i, pointers[i]);
    }
    known.explainShortage(evidence);
    EXPECT_EQ(evidence.missing, 32U);
    EXPECT_EQ(evidence.shortage, "they need at least 160 bytes at once, and of the arena's 384 there are 128 beside "
                                 "the 256 of what persists");
}

TEST_F(Tflm, EachNetworkHasItsOwnInferences) {
    constexpr Address kOtherModel = kModel + 0x800;
    NetworkImage images[] = {twoOperators(), twoOperators()};
    images[1].address = kOtherModel;
    word(kNodes + 0x20, kOtherModel + 0x80);
    word(kNodes + 0x30, kOtherModel + 0x90);
    TflmRecogniser both{images, m_tiny.machine().memory()};
    std::string said;
    const auto call = [&](Address site, unsigned node) {
        const auto layer = both.layerOf({site, test::kCode, true, test::kCode, false, {0, kNodes + 0x10 * node}});
        said += !layer ? "none\n"
                       : fmt::format("{}.{}{}{}\n", layer->network, layer->layer,
                                     layer->startsInference ? " inference" : "",
                                     layer->prepared.empty()
                                         ? ""
                                         : fmt::format(" after preparation of {}", fmt::join(layer->prepared, ", ")));
    };
    for (const unsigned node : {0U, 1U, 2U, 3U}) {
        call(kPrepareSite, node);
    }
    for (const unsigned node : {2U, 3U, 0U, 1U, 2U}) {
        call(kInvokeSite, node);
    }
    call(kPrepareSite, 0);
    EXPECT_EQ(said, "0.0 inference\n0.1\n1.0 inference\n1.1\n"
                    "1.0 inference after preparation of 0, 1\n1.1\n"
                    "0.0 inference\n0.1\n1.0 inference\n"
                    "none\n");
}

TEST_F(Tflm, AnOperatorWithoutInputsIsKnownByItsPlaceAmongTheNodes) {
    NetworkImage image = twoOperators();
    NetworkOperator callOnce; // in front of the others
    image.network.operators.insert(image.network.operators.begin(), callOnce);
    for (std::uint32_t index = 1; index < 3; ++index) {
        image.network.operators[index].index = image.network.operators[index].place = index;
    }
    word(kNodes - 0x10, 0);
    TflmRecogniser tflm{{&image, 1}, m_tiny.machine().memory()};
    const auto call = [&](Address site, Address node) {
        return tflm.layerOf({site, test::kCode, true, test::kCode, false, {0, node}});
    };
    EXPECT_FALSE(call(kPrepareSite, kNodes - 0x10)) << "nothing is known of the nodes yet";
    EXPECT_FALSE(call(kPrepareSite, kNodes));
    EXPECT_FALSE(call(kPrepareSite, kNodes + 0x10));
    const auto first = call(kInvokeSite, kNodes - 0x10);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->layer, 0);
    EXPECT_TRUE(first->startsInference);
    EXPECT_EQ(call(kInvokeSite, kNodes)->layer, 1);
    EXPECT_EQ(call(kInvokeSite, kNodes + 0x10)->layer, 2);
    EXPECT_FALSE(call(kInvokeSite, kSram + 0x80)) << "another place";
}

TEST_F(Tflm, AnOperatorRunsThoseOfItsBodiesInside) {
    NetworkImage image = twoOperators();
    image.network.operators[0].bodies = {1};
    image.network.operators[1].subgraph = 1;
    image.network.operators[1].place = 0;
    image.network.subgraphs.push_back({3, 0, {}, {}, 0});
    TflmRecogniser tflm{{&image, 1}, m_tiny.machine().memory()};
    const auto inside = [&](Address site, Address node, std::int32_t layer) {
        CallSite call{site, test::kCode, true, test::kCode, false, {0, node}};
        call.network = 0;
        call.layer = layer;
        const auto found = tflm.layerOf(call);
        return found ? std::int32_t{found->layer} : -1;
    };
    EXPECT_TRUE(tflm.mayNest());
    EXPECT_FALSE(m_tflm.mayNest()) << "without bodies";
    ASSERT_TRUE(tflm.layerOf({kInvokeSite, test::kCode, true, test::kCode, false, {0, kNodes}}));
    EXPECT_EQ(inside(kInvokeSite, kNodes + 0x10, 0), 1);
    EXPECT_EQ(inside(kInvokeSite, kNodes, 0), -1) << "a kernel that hands its own node on";
    EXPECT_EQ(inside(kInvokeSite, kNodes + 0x10, 1), -1) << "no body of that operator";
    EXPECT_EQ(inside(kPrepareSite, kNodes + 0x10, 0), -1) << "another site";
}

TEST_F(Tflm, ANodeThatAKernelLeftInARegisterIsNoCall) {
    for (const Address site : {kPrepareSite, kInvokeSite, kInvokeSite, kInvokeSite}) {
        EXPECT_NE(called(site, 0), "none");
        EXPECT_EQ(called(site + 0x10, 0), "none") << "what is called behind the kernel";
        EXPECT_EQ(called(site, 1), "1");
        EXPECT_EQ(called(site + 0x10, 1), "none");
    }
}

TEST_F(Tflm, AFirstInferenceIsOneWhenItsTensorsHaveAddresses) {
    tensorTable(kSram + 0x400);
    EXPECT_EQ(called(kInvokeSite, 0), "0 inference");
    EXPECT_EQ(called(kInvokeSite, 1), "1");
    EXPECT_TRUE(m_tflm.surelyRan(0));
}

TEST_F(Tflm, ARuntimeWithoutSuchATableIsBelieved) {
    EXPECT_EQ(called(kInvokeSite, 0), "0 inference");
    EXPECT_TRUE(m_tflm.surelyRan(0));
}

TEST_F(Tflm, TheFlatbufferMayRunFromACopyInRam) {
    constexpr Address kCopy = kSram + 0x800;
    m_image.network.usedBytes = 0xC0;
    for (Address at = 0; at < m_image.network.usedBytes; at += 4) {
        word(kCopy + at, m_tiny.machine().memory().word(kModel + at).value_or(0));
    }
    word(kNodes, kCopy + 0x80);
    word(kNodes + 0x10, kCopy + 0x90);
    const Address data[] = {kSram + 0x400, kCopy + 0x200, kSram + 0x400};
    for (unsigned i = 0; i < 3; ++i) {
        word(kTensors + 12 * i, data[i]);
        word(kTensors + 12 * i + 4, kCopy + 0x40 + 0x10 * i);
    }
    EXPECT_EQ(called(kInvokeSite, 0), "0 inference");
    EXPECT_EQ(called(kInvokeSite, 1), "1");
    EXPECT_EQ(m_tflm.evidence(0).source, fmt::format("flatbuffer at 0x{:08x}", kCopy));
    EXPECT_EQ(m_tflm.tensors(0).addresses[0], kSram + 0x400);
    EXPECT_EQ(m_tflm.tensors(0).addresses[1], std::nullopt) << "a constant, also in RAM";
}

/// SingleArenaBufferAllocator, in the arena it describes: bottom, end, end of what is planned, begin of what persists.
TEST_F(Tflm, TheAllocatorSaysHowMuchOfTheArenaIsNeeded) {
    m_image.network.tensors[0].bytes = m_image.network.tensors[2].bytes = 0x100;
    tensorTable(kSram + 0x1000); // the tensors; their table at kTensors lies below, in no arena that fits
    EXPECT_FALSE(m_tflm.tensors(0).arena);
    const auto object = [this](Address at, std::vector<std::uint32_t> words) {
        for (const std::uint32_t value : words) {
            word(at, value);
            at += 4;
        }
    };
    // The table moves into the arena's end: from 0x1F00 on lives what persists.
    const Address data[] = {kSram + 0x1000, kModel + 0x200, kSram + 0x1000};
    for (unsigned i = 0; i < 3; ++i) {
        word(kTensors + 12 * i + 4, 0);
        word(kSram + 0x1F00 + 12 * i, data[i]);
        word(kSram + 0x1F00 + 12 * i + 4, kModel + 0x40 + 0x10 * i);
    }
    object(kSram + 0x1FC0, {kSram + 0x1000, kSram + 0x2000, kSram + 0x1180, kSram + 0x1EC0, kSram + 0x1180});
    const auto arena = m_tflm.tensors(0).arena;
    ASSERT_TRUE(arena);
    EXPECT_EQ(arena->range.begin, kSram + 0x1000);
    EXPECT_EQ(arena->range.size, 0x1000U);
    EXPECT_EQ(arena->neededBytes, 0x180U + 0x140U);
    EXPECT_FALSE(arena->persistent);
    word(kSram + 0x1FC4, 0xFFFFFFF0); // no end of any RAM
    EXPECT_FALSE(m_tflm.tensors(0).arena);

    // Two arenas: the allocator of tensors has no table in it; that of what persists has three pointers.
    object(kSram + 0x1FC0, {kSram + 0x1000, kSram + 0x1400, kSram + 0x1180, kSram + 0x1180, 0});
    object(kSram + 0x1FE0, {kSram + 0x1E00, kSram + 0x2000, kSram + 0x1EC0});
    const auto two = m_tflm.tensors(0).arena;
    ASSERT_TRUE(two);
    EXPECT_EQ(two->range.size, 0x400U);
    ASSERT_TRUE(two->persistent);
    EXPECT_EQ(two->persistent->begin, kSram + 0x1E00);
    EXPECT_EQ(two->neededBytes, 0x180U + 0x140U);
}

TEST_F(Tflm, OtherBytesInRamAreNoCopy) {
    constexpr Address kOther = kSram + 0x800;
    m_image.network.usedBytes = 0xC0;
    word(kOther + 0xB0, 0x12345678);
    word(kNodes, kOther + 0x80);
    EXPECT_EQ(called(kInvokeSite, 0), "none");
}

} // namespace
} // namespace simprof
