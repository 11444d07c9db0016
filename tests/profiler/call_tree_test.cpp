// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/call_tree.h"
#include "profiler/collect/contexts.h"

#include <gtest/gtest.h>

namespace simprof {
namespace {

TEST(CallTree, CallsWithoutRoomCountForTheirCallers) {
    CallTree tree;
    const std::int32_t first = tree.child(0, 0x100, 0, -1);
    for (Address entry = 0; entry < 2 * CallTree::kMostNodes; ++entry) {
        tree.child(0, 0x1000 + entry, 0, -1);
    }
    EXPECT_EQ(tree.nodes().size(), CallTree::kMostNodes);
    EXPECT_EQ(tree.callsLeftOut(), CallTree::kMostNodes + 2);
    EXPECT_EQ(tree.child(first, 0x7, 0, -1), first);
    EXPECT_EQ(tree.child(0, 0x100, 0, -1), first);
}

TEST(Contexts, HandlersThatNeverReturnAreForgotten) {
    const Ledger ledger;
    Contexts contexts(ledger);
    for (int i = 0; i < 100'000; ++i) {
        FrameStack frames(200);
        contexts.enter(Ledger::kSleep, 0x100, 0x20000000, 0, frames);
        EXPECT_TRUE(frames.empty());
    }
    FrameStack frames;
    std::size_t kept = 0;
    while (contexts.abandon(frames)) {
        kept += frames.size();
    }
    EXPECT_GT(kept, 0U);
    EXPECT_LE(kept, 65'536U);
}

TEST(Contexts, ThreadsWithoutEndAreForgotten) {
    const Ledger ledger;
    Contexts contexts(ledger);
    std::uint32_t newest = 0;
    for (Address i = 0; i < 100'000; ++i) {
        FrameStack frames(1);
        contexts.enter(Ledger::kSleep, 0x100, 0x20000000 + 8 * i, 0, frames);
        contexts.leave(0x20000000 + 8 * (i + 1), 0x100, false, frames);
        newest = std::max(newest, contexts.thread().value());
    }
    EXPECT_LE(newest, 1100U); // numbers are used again
}

TEST(CallTree, PathsThatDifferInForgottenLayersAreOne) {
    CallTree tree;
    const std::int32_t main = tree.child(0, 0x100, 0, -1);
    for (const std::int32_t layer : {0, 1, 2}) {
        const std::int32_t call = tree.child(main, 0x200, 0x104, layer);
        tree[call].calls = 1;
        tree[call].self = 10;
        tree[tree.child(call, 0x300, 0x204, layer)].self = 5;
    }
    ASSERT_EQ(tree.nodes().size(), 8U);
    EXPECT_EQ(tree.joined().nodes().size(), 8U);
    tree.renumberLayers(0, {0, 1, 1});
    EXPECT_EQ(tree.joined().nodes().size(), 6U);
    tree.forgetLayers(0);
    const CallTree joined = tree.joined();
    ASSERT_EQ(joined.nodes().size(), 4U);
    EXPECT_EQ(joined.nodes()[2].calls, 3U);
    EXPECT_EQ(joined.nodes()[2].self, 30U);
    EXPECT_EQ(joined.inclusive()[1], 45U);
}

} // namespace
} // namespace simprof
