// SPDX-License-Identifier: GPL-2.0-or-later
// Blocks that allocators hand out and take back, as tapes; who holds what at the peak and at the end.
#include "profiler/collect/heap_watch.h"

#include "profiler/analysis/heap_report.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

namespace simprof {
namespace {

const Allocator kMalloc{Allocator::Kind::Allocate, 0, "malloc"};
const Allocator kReentrant{Allocator::Kind::Allocate, 1, "malloc"};
const Allocator kCalloc{Allocator::Kind::Zeroed, 0, "calloc"};
const Allocator kRealloc{Allocator::Kind::Reallocate, 0, "realloc"};
const Allocator kFree{Allocator::Kind::Free, 0, "free"};

/// Plays lines "WHO malloc SIZE ADDRESS", "WHO calloc COUNT SIZE ADDRESS", "WHO realloc BLOCK SIZE ADDRESS" and
/// "free BLOCK", at cycles 10, 20, … ; returns "WHO: ALLOCATIONS BYTES, at the peak BYTES in BLOCKS, left BYTES".
std::string play(const std::string& tape, HeapUse& heap) {
    HeapWatch watch({});
    std::istringstream lines(tape);
    Cycles at = 0;
    for (std::string line; std::getline(lines, line);) {
        at += 10;
        std::istringstream words(line);
        std::string what;
        std::uint32_t a = 0, b = 0, c = 0;
        Address who = 0;
        if (line.starts_with("free")) {
            words >> what >> a;
            EXPECT_EQ(watch.called(kFree, {a, 0, 0, 0}, at).kind, HeapCall::Kind::Inside);
            continue;
        }
        words >> who >> what >> a >> b >> c;
        if (what == "malloc") {
            watch.returned(watch.called(kMalloc, {a, 0, 0, 0}, at), b, who, at);
        } else if (what == "_malloc_r") {
            watch.returned(watch.called(kReentrant, {0x20000000, a, 0, 0}, at), b, who, at);
        } else {
            watch.returned(watch.called(what == "calloc" ? kCalloc : kRealloc, {a, b, 0, 0}, at), c, who, at);
        }
    }
    addAllocations(watch.take(), SymbolTable(), heap);
    std::string text;
    for (const HeapCaller& caller : heap.callers) {
        text += fmt::format("{}: {} {}, at the peak {} in {}, left {} in {}{}\n", caller.function, caller.allocations,
                            caller.bytes, caller.peakBytes, caller.peakBlocks, caller.leftBytes, caller.leftBlocks,
                            caller.failed == 0 ? "" : fmt::format(", {} failed", caller.failed));
    }
    return text;
}

TEST(HeapWatch, EachCallerHasItsBlocks) {
    HeapUse heap;
    EXPECT_EQ(play("16 malloc 100 1000\n32 calloc 10 12 2000\n16 _malloc_r 30 3000\nfree 1000\n32 malloc 8 1000\n"
                   "free 3000\nfree 1000\n",
                   heap),
              "sub_00000010: 2 130, at the peak 130 in 2, left 0 in 0\n"
              "sub_00000020: 2 128, at the peak 120 in 1, left 120 in 1\n");
    EXPECT_EQ(heap.peakBytes, 250U);
    EXPECT_EQ(heap.peakCycle, 30U);
    EXPECT_EQ(heap.allocators, (std::vector<std::string>{"calloc", "free", "malloc"}));
    EXPECT_EQ(heap.live, (std::vector<std::pair<Cycles, Bytes>>{
                             {10, 100}, {20, 220}, {30, 250}, {40, 150}, {50, 158}, {60, 128}, {70, 120}}));
    EXPECT_EQ(heap.blocks[0], (HeapBlock{1000, 100, 10, 40, 0}));
    EXPECT_EQ(heap.blocks[1], (HeapBlock{2000, 120, 20, 0, 1}));
}

TEST(HeapWatch, ReallocPutsABlockInPlaceOfAnother) {
    HeapUse heap;
    EXPECT_EQ(play("16 malloc 40 1000\n32 realloc 1000 400 2000\n16 realloc 2000 500 0\n32 realloc 2000 0 0\n"
                   "16 realloc 0 24 1000\n",
                   heap),
              "sub_00000020: 1 400, at the peak 400 in 1, left 0 in 0\n"
              "sub_00000010: 2 64, at the peak 0 in 0, left 24 in 1, 1 failed\n");
}

TEST(HeapWatch, MoreElementsThanAnAddressSpaceHoldsFail) {
    HeapUse heap;
    EXPECT_EQ(play("16 calloc 65536 65536 0\n", heap), // 2^32, which is 0 in 32 bits
              "sub_00000010: 0 0, at the peak 0 in 0, left 0 in 0, 1 failed\n");
}

TEST(HeapWatch, ABlockThatComesAgainWasGivenBackUnseen) {
    HeapUse heap;
    EXPECT_EQ(play("16 malloc 40 1000\n16 malloc 50 1000\nfree 4000\n", heap),
              "sub_00000010: 2 90, at the peak 50 in 1, left 50 in 1\n");
    EXPECT_EQ(heap.peakBytes, 50U);
}

TEST(HeapWatch, WithoutAllocationsItSaysWhy) {
    HeapUse heap;
    EXPECT_EQ(play("", heap), "");
    EXPECT_EQ(heap.whyNone, "the image has no symbols, and allocators are known by their names");
}

TEST(HeapWatch, KeepsBoundedRecordsAndCountsAll) {
    HeapWatch watch({});
    constexpr std::uint32_t kCount = 200'000;
    for (std::uint32_t i = 0; i < kCount; ++i) {
        const HeapCall call = watch.called(kMalloc, {4, 0, 0, 0}, i);
        watch.returned(call, 8 * i + 8, 2 * (i % 3'000) + 2, i);
    }
    const HeapLog log = watch.take();
    EXPECT_EQ(log.callers.size(), HeapWatch::kMostCallers);
    std::uint64_t allocations = 0, blocks = 0;
    for (const RawHeapCaller& caller : log.callers) {
        allocations += caller.allocations;
        blocks += caller.blocks;
    }
    EXPECT_EQ(allocations, kCount);
    EXPECT_EQ(blocks, HeapWatch::kMostLive);
    EXPECT_EQ(log.untracked, kCount - HeapWatch::kMostLive);
    EXPECT_EQ(log.blocks.size(), HeapWatch::kMostBlocks);
    EXPECT_EQ(log.blocksLeftOut, kCount - HeapWatch::kMostBlocks);
    EXPECT_LE(log.live.size(), HeapWatch::kMostSamples);
    EXPECT_EQ(log.live.back().second, 4 * HeapWatch::kMostLive);
    EXPECT_EQ(log.peakBytes, 4 * HeapWatch::kMostLive);
}

} // namespace
} // namespace simprof
