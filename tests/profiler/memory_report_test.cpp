// SPDX-License-Identifier: GPL-2.0-or-later
// Blocks and accesses in, bytes by time and owner out.
#include "profiler/analysis/live_bytes.h"
#include "profiler/analysis/memory_report.h"
#include "tests/sim_core/tiny_machine.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

/// A block at an address with its size, its life and the layer that wrote it.
TensorLife block(TensorKind kind, Address address, Bytes size, Cycles born, Cycles died, std::int32_t writer = -1) {
    return {nameOf(kind), {}, address, size, born, died, writer, {}, kind, {}};
}

TEST(LiveBytes, BlocksFromBirthToDeath) {
    EXPECT_THAT(liveBlocks({block(TensorKind::Tensor, 0, 100, 10, 19), block(TensorKind::Tensor, 0, 50, 20, 29),
                            block(TensorKind::Scratch, 0, 7, 12, 14), block(TensorKind::Persistent, 0, 999, 0, 99),
                            block(TensorKind::State, 2000, 64, 0, 99)}),
                ElementsAre(Pair(10, 100), Pair(12, 107), Pair(15, 100), Pair(20, 50), Pair(30, 0)));
    EXPECT_THAT(liveBlocks({}), IsEmpty());
}

TEST(LiveBytes, PartsLiveForThemselves) {
    TensorLife read = block(TensorKind::Tensor, 0, 100, 10, 40);
    EXPECT_THAT(liveParts({read}), IsEmpty()) << "no block has parts";
    read.parts = {{0, 60, 10, 20}, {60, 40, 15, 40}};
    EXPECT_THAT(
        liveParts({read, block(TensorKind::Tensor, 200, 8, 21, 40), block(TensorKind::Persistent, 0, 999, 0, 99)}),
        ElementsAre(Pair(10, 60), Pair(15, 100), Pair(21, 48), Pair(41, 0)));
}

TEST(MemoryReport, LayersHaveTheirScratchAndTheMostThatLivedMeanwhile) {
    Profile profile;
    profile.layers.resize(2);
    profile.layers[1].id = 1;
    profile.inferences = {{0, 10, 30, 0, {{0, 10, 9}, {1, 20, 20}}}};
    profile.memory.tensors = {block(TensorKind::Scratch, 0, 7, 12, 14, 0), block(TensorKind::Scratch, 8, 5, 12, 14, 0),
                              block(TensorKind::Tensor, 16, 99, 12, 30, 1)};
    profile.memory.live = {{5, 30}, {12, 107}, {15, 100}, {25, 120}, {41, 500}};
    addLayerMemory(profile);
    EXPECT_EQ(profile.layers[0].scratchBytes, 12U);
    EXPECT_EQ(profile.layers[0].sramPeakBytes, 107U);
    EXPECT_EQ(profile.layers[1].scratchBytes, 0U);
    EXPECT_EQ(profile.layers[1].sramPeakBytes, 120U);
}

TEST(MemoryReport, EachByteOfSramHasOneOwner) {
    test::TinyMachine tiny(findCore("Cortex-M4"), "Reset:\n");
    MemoryShadow shadow(tiny.machine().memory());
    const auto touch = [&](Address begin, std::uint32_t bytes, bool write) {
        shadow.busMaster(begin, bytes, write, 1);
    };
    touch(0x20000000, 0x40, true);  // static data
    touch(0x20000100, 0x100, true); // an arena: zeroed, half of it read later
    touch(0x20000100, 0x80, false);
    touch(0x20000400, 0x20, true); // the heap
    ProfileMemory memory;
    memory.arena = Arena{0x20000100, 0x200, 0x80, 0, 0};
    memory.tensors = {block(TensorKind::Tensor, 0x20000100, 0x20, 0, 9, 0),
                      block(TensorKind::Scratch, 0x20000110, 0x20, 0, 9, 0),
                      block(TensorKind::Persistent, 0x20000140, 0x40, 0, 9)};
    memory.heap = {0x20000400, 0x800, 0x20};
    memory.stack = {0x20003000, 0x20004000, 0x1000, 0x100, ""};
    EXPECT_THAT(sramOwners(shadow, memory),
                ElementsAre(SramOwner{SramUse::Tensors, 0x20}, SramOwner{SramUse::Scratch, 0x10},
                            SramOwner{SramUse::PersistentArena, 0x50}, SramOwner{SramUse::Stack, 0x100},
                            SramOwner{SramUse::Heap, 0x20}, SramOwner{SramUse::StaticData, 0x40},
                            SramOwner{SramUse::Untouched, 0x4000 - 0x20 - 0x10 - 0x50 - 0x100 - 0x20 - 0x40}));
}

} // namespace
} // namespace simprof
