// SPDX-License-Identifier: GPL-2.0-or-later
// Which function's calls are taken for layers, from call trees of a few nodes.
#include "profiler/runtimes/spine_search.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

constexpr Address kMain = 0x100, kInfer = 0x200, kConv = 0x300, kDense = 0x400, kPrint = 0x500;

std::int32_t call(CallTree& tree, std::int32_t parent, Address entry, Address site, std::uint64_t multiplies) {
    const std::int32_t node = tree.child(parent, entry, site, -1);
    tree[node].multiplies = multiplies;
    return node;
}

void addInference(CallTree& tree, std::int32_t caller, Address site, std::uint64_t work) {
    const std::int32_t infer = call(tree, caller, kInfer, site, 1);
    call(tree, infer, kConv, 0x202, 5 * work);
    call(tree, infer, kConv, 0x206, 3 * work);
    call(tree, infer, kDense, 0x20A, 2 * work);
}

TEST(Spine, IsTheFunctionThatCallsTheLayers) {
    CallTree tree;
    const std::int32_t main = call(tree, 0, kMain, 0, 0);
    call(tree, main, kPrint, 0x102, 20);
    addInference(tree, main, 0x106, 1000);
    EXPECT_THAT(findSpines(tree), testing::ElementsAre(Hosts{kInfer}));
}

TEST(Spine, OfANetworkThatIsRunFromTwoPlacesComesFirst) {
    CallTree tree;
    const std::int32_t main = call(tree, 0, kMain, 0, 0);
    addInference(tree, main, 0x102, 3000); // warm-up
    addInference(tree, main, 0x106, 7000);
    EXPECT_THAT(findSpines(tree), testing::ElementsAre(Hosts{kInfer}, Hosts{kMain}));
}

TEST(Spine, OfLayersThatShareAKernelIsNotTheKernel) {
    CallTree tree;
    const std::int32_t main = call(tree, 0, kMain, 0, 0);
    const std::int32_t infer = call(tree, main, kInfer, 0x102, 0);
    for (Address site = 0x202; site < 0x212; site += 4) {
        call(tree, infer, kDense, site, 1000);
    }
    EXPECT_THAT(findSpines(tree), testing::ElementsAre(Hosts{kInfer}));
}

/// X-CUBE-AI runs layers of one kind from one place: through a pointer, several times per inference.
TEST(Spine, IsTheLoopThatCallsThroughAPointer) {
    for (const bool indirect : {true, false}) {
        CallTree tree;
        const std::int32_t main = call(tree, 0, kMain, 0, 0);
        const std::int32_t infer = call(tree, main, kInfer, 0x102, 0);
        const std::int32_t layer = call(tree, infer, kDense, 0x202, 100);
        const std::int32_t kernel = call(tree, layer, kConv, 0x402, 9000);
        tree[infer].calls = 5;
        tree[layer].calls = 50;
        tree[kernel].calls = 50;
        tree[layer].indirect = indirect;
        EXPECT_EQ(findSpines(tree), std::vector<Hosts>{{kInfer}}) << "tried last when the call is direct: " << indirect;
        tree[layer].calls = tree[kernel].calls = 5000; // as a kernel's helper
        EXPECT_EQ(findSpines(tree), indirect ? std::vector<Hosts>{{kInfer}} : std::vector<Hosts>{}) << indirect;
    }
}

/// TinyMaix, of a network that is convolutions but for the end.
TEST(Spine, IsTheLoopWhoseWorkIsOneCall) {
    CallTree tree;
    const std::int32_t main = call(tree, 0, kMain, 0, 0);
    const std::int32_t infer = call(tree, main, kInfer, 0x102, 0);
    const std::int32_t conv = call(tree, infer, kConv, 0x202, 90'000), softmax = call(tree, infer, kDense, 0x206, 100);
    tree[main].calls = 1;
    tree[infer].calls = tree[softmax].calls = 3;
    tree[conv].calls = 84;
    EXPECT_THAT(findSpines(tree), testing::ElementsAre(Hosts{kInfer}));
}

TEST(Spine, IsNotWhatCallsThroughAPointerOnce) {
    CallTree tree;
    const std::int32_t main = call(tree, 0, kMain, 0, 0);
    const std::int32_t infer = call(tree, main, kInfer, 0x102, 1000);
    tree[main].calls = 1;
    tree[infer].calls = 1;
    tree[infer].indirect = true;
    EXPECT_THAT(findSpines(tree), testing::IsEmpty());
}

/// A network's function, called so often, with layers that are called once each.
std::int32_t addNetwork(CallTree& tree, std::int32_t caller, Address entry, Address site, std::uint64_t calls) {
    const std::int32_t network = call(tree, caller, entry, site, 0);
    tree[network].calls = calls;
    for (const Address layer : {0x10U, 0x20U, 0x30U}) {
        tree[call(tree, network, entry + layer, entry + layer / 4, 1000 * calls)].calls = calls;
    }
    return network;
}

TEST(Spine, EachOfSeveralNetworksHasOne) {
    CallTree tree;
    const std::int32_t main = call(tree, 0, kMain, 0, 0);
    tree[main].calls = 1;
    addNetwork(tree, main, 0x1000, 0x102, 98);
    addNetwork(tree, main, 0x2000, 0x106, 2);
    EXPECT_THAT(findSpines(tree).front(), testing::ElementsAre(0x1000, 0x2000));
}

TEST(Spine, IsNoBlockOfLayersThatTheNetworkRunsTwice) {
    CallTree tree;
    const std::int32_t main = call(tree, 0, kMain, 0, 0);
    const std::int32_t infer = addNetwork(tree, main, kInfer, 0x102, 5);
    tree[main].calls = 1;
    addNetwork(tree, infer, 0x3000, 0x212, 5);
    addNetwork(tree, infer, 0x3000, 0x216, 5);
    EXPECT_EQ(findSpines(tree).front(), Hosts{kInfer});
}

/// NNoM: the loop calls one function, which calls what the layer's record says.
TEST(Spine, IsTheLoopOverAFunctionThatTellsLayersApart) {
    CallTree tree;
    const std::int32_t main = call(tree, 0, kMain, 0, 0);
    const std::int32_t infer = call(tree, main, kInfer, 0x102, 0);
    const std::int32_t run = call(tree, infer, 0x300, 0x202, 0);
    const std::int32_t conv = call(tree, run, 0x400, 0x302, 9'000), dense = call(tree, run, 0x500, 0x302, 2'000);
    tree[main].calls = 1;
    tree[infer].calls = 3;
    tree[run].calls = 36;
    tree[conv].calls = 15;
    tree[dense].calls = 21;
    EXPECT_EQ(findSpines(tree).front(), Hosts{kInfer});
    EXPECT_TRUE(infersOncePerCall(tree, kInfer));
}

TEST(Spine, InfersOncePerCallOrInALoop) {
    CallTree tree;
    const std::int32_t main = call(tree, 0, kMain, 0, 0);
    const std::int32_t conv = call(tree, main, kConv, 0x102, 500), dense = call(tree, main, kDense, 0x106, 200);
    tree[main].calls = 1;
    tree[conv].calls = tree[dense].calls = 4;
    EXPECT_FALSE(infersOncePerCall(tree, kMain)); // while (true) { conv(); dense(); }
    tree[main].calls = 4;
    EXPECT_TRUE(infersOncePerCall(tree, kMain));
    // An interpreter calls each kind of layer several times, all from one place.
    CallTree nodes;
    const std::int32_t infer = call(nodes, 0, kInfer, 0, 0);
    nodes[infer].calls = 2;
    nodes[call(nodes, infer, kConv, 0x202, 500)].calls = 6;
    nodes[call(nodes, infer, kDense, 0x202, 200)].calls = 4;
    EXPECT_TRUE(infersOncePerCall(nodes, kInfer));
}

TEST(Spine, IsInNoBootRom) {
    CallTree tree;
    const std::int32_t main = call(tree, 0, kMain, 0, 0);
    addInference(tree, main, 0x106, 1000);
    const AddressRange around{0, 0x1000}, rom{0x1000, 0x1000};
    EXPECT_THAT(findSpines(tree, std::span(&rom, 1)), testing::ElementsAre(Hosts{kInfer}));
    EXPECT_THAT(findSpines(tree, std::span(&around, 1)), testing::IsEmpty());
}

TEST(Spine, IsNowhereWithoutWork) {
    CallTree tree;
    const std::int32_t main = call(tree, 0, kMain, 0, 0);
    call(tree, main, kPrint, 0x102, 0);
    EXPECT_THAT(findSpines(tree), testing::IsEmpty());
}

} // namespace
} // namespace simprof
