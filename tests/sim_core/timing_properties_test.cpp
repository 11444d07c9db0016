// SPDX-License-Identifier: GPL-2.0-or-later
/// What must hold of any code on any core: nothing is lost, nothing depends on what was remembered.
#include "sim_core/timing/core_timing.h"

#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <random>

namespace simprof {
namespace {

struct Target {
    const char* name;
    const CoreKind* core;
    const char* timing;
    MemorySettings settings;
};
const Target kTargets[] = {
    {"M0+ on STM32G0", &kCortexM0Plus, "stm32g0_flash", {2, true, true, false}},
    {"M0 on nRF51", &kCortexM0, "nrf51_flash", {}},
    {"M4 on STM32L4+", &kCortexM4, "stm32l4_flash", {5, true, true, true}},
    {"M4 on STM32F4, caches off", &kCortexM4, "stm32f4_art", {5, false, false, false}},
    {"M4 on nRF52", &kCortexM4, "nrf52_flash", {2, false, true, false}},
    {"M7 on STM32F7", &kCortexM7, "stm32f7_axi", {7, true, true, false}},
    {"M7 on STM32H7A3", &kCortexM7, "stm32h7a3_flash", {6, false, false, false}},
};

McuDesc mcuOf(const Target& target) {
    McuDesc mcu;
    mcu.core.kind = target.core;
    mcu.core.fpu = target.core == &kCortexM4 || target.core == &kCortexM7;
    mcu.core.doublePrecision = target.core == &kCortexM7;
    mcu.core.icacheBytes = mcu.core.dcacheBytes = target.core == &kCortexM7 ? 4096 : 0;
    MemoryDesc flash;
    flash.name = "flash";
    flash.kind = MemoryKind::Flash;
    flash.range = {0x08000000, 0x100000};
    flash.timing = target.timing;
    mcu.memories.push_back(flash);
    return mcu;
}

/// Random blocks and one random walk over them.
struct Walk {
    std::vector<Block> blocks;
    struct Step {
        std::uint32_t block;
        std::vector<Access> accesses;
        Address next;
    };
    std::vector<Step> steps;
};

Walk makeWalk(const McuDesc& mcu, unsigned seed) {
    std::mt19937 random(seed);
    Walk walk;
    for (std::uint32_t id = 0; id < 60; ++id) {
        std::vector<std::byte> code(2 * (1 + random() % 40));
        for (std::byte& byte : code) {
            byte = static_cast<std::byte>(random());
        }
        walk.blocks.push_back(decodeBlock(0x08000000 + 2 * (random() % 2000), code, mcu.core));
        walk.blocks.back().id = id;
    }
    for (int i = 0; i < 6000; ++i) {
        const Block& block = walk.blocks[random() % walk.blocks.size()];
        Walk::Step step{block.id, {}, block.fallThrough()};
        for (const AccessSlot& slot : block.slots) {
            if (!block.insns[slot.insn].predicated || random() % 4) {
                step.accesses.push_back(
                    {static_cast<Address>((random() % 2 ? 0x08000000u : 0x20000000u) + random() % 8192), slot.size,
                     slot.write});
            }
        }
        if (block.end != BlockEnd::FallThrough && (block.end != BlockEnd::CondBranch || random() % 2)) {
            step.next = 0x08000000 + 2 * (random() % 2000);
        }
        walk.steps.push_back(std::move(step));
    }
    return walk;
}

std::unique_ptr<CoreTiming> prepare(const McuDesc& mcu, const Target& target, const Walk& walk) {
    auto timing = makeCoreTiming(mcu);
    timing->setMemory(target.timing, target.settings);
    timing->setL1({true, true});
    for (const Block& block : walk.blocks) {
        timing->addBlock(block);
    }
    return timing;
}

void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }

/// The cost of one execution, as it is handed over.
BlockCost costOf(CoreTiming& timing, const Block& block, const Walk::Step& step) {
    struct Sink final : CostSink {
        void addCost(const Block&, const BlockCost& cost, std::uint64_t times, std::uint32_t) override {
            EXPECT_EQ(times, 1U);
            last = cost;
        }
        BlockCost last;
    } sink;
    timing.setSink(sink);
    const Cycles cycles = timing.retire(block, step.accesses, step.next);
    timing.settle();
    EXPECT_EQ(cycles, sink.last.cycles);
    return sink.last;
}

class TimingProperties : public testing::TestWithParam<Target> {};

TEST_P(TimingProperties, StallsSumToCyclesAndInstructionsToBlocks) {
    const McuDesc mcu = mcuOf(GetParam());
    const Walk walk = makeWalk(mcu, 1);
    const auto timing = prepare(mcu, GetParam(), walk);
    std::vector<Cycles> total(walk.blocks.size());
    int step = 0;
    for (const Walk::Step& s : walk.steps) {
        const BlockCost cost = costOf(*timing, walk.blocks[s.block], s);
        ASSERT_EQ(std::accumulate(cost.stalls.begin(), cost.stalls.end(), std::uint64_t{0}), cost.cycles);
        total[s.block] += cost.cycles;
        if (++step == 3000) { // what was counted before a change of the settings must not be lost
            timing->setMemory(GetParam().timing, {1, false, false, false});
        }
    }
    for (const Block& block : walk.blocks) {
        const std::vector<Cycles> cycles = timing->instructionCycles(block);
        ASSERT_EQ(cycles.size(), block.insns.size());
        EXPECT_EQ(std::accumulate(cycles.begin(), cycles.end(), Cycles{0}), total[block.id]);
        for (const Cycles c : cycles) {
            EXPECT_LT(c, Cycles{1} << 40); // not negative
        }
    }
}

TEST_P(TimingProperties, TheSameRunCostsTheSame) {
    const McuDesc mcu = mcuOf(GetParam());
    const Walk walk = makeWalk(mcu, 2);
    const auto a = prepare(mcu, GetParam(), walk), b = prepare(mcu, GetParam(), walk);
    for (const Walk::Step& s : walk.steps) {
        const BlockCost first = costOf(*a, walk.blocks[s.block], s);
        const BlockCost second = costOf(*b, walk.blocks[s.block], s);
        ASSERT_EQ(first.cycles, second.cycles);
        ASSERT_EQ(first.stalls, second.stalls);
    }
}

TEST_P(TimingProperties, ForgettingWhatWasRememberedChangesNothing) {
    const McuDesc mcu = mcuOf(GetParam());
    const Walk walk = makeWalk(mcu, 3);
    const auto a = prepare(mcu, GetParam(), walk), b = prepare(mcu, GetParam(), walk);
    int step = 0;
    for (const Walk::Step& s : walk.steps) {
        const Cycles first = a->retire(walk.blocks[s.block], s.accesses, s.next);
        if (step++ % 100 == 50) { // flushes the memo tables of b, not its caches
            b->setCachePolicies({});
        }
        ASSERT_EQ(first, b->retire(walk.blocks[s.block], s.accesses, s.next)) << step;
    }
}

TEST_P(TimingProperties, ACounterReadInTheBlockIsNeverPastItsEnd) {
    const McuDesc mcu = mcuOf(GetParam());
    const Walk walk = makeWalk(mcu, 4);
    const auto timing = prepare(mcu, GetParam(), walk);
    for (const Walk::Step& s : walk.steps) {
        const Block& block = walk.blocks[s.block];
        std::vector<Cycles> before;
        const bool complete = s.accesses.size() == block.slots.size();
        for (std::size_t done = 0; complete && done < s.accesses.size(); ++done) {
            before.push_back(timing->cyclesBefore(block, {s.accesses.data(), done}));
        }
        const Cycles all = timing->retire(block, s.accesses, s.next);
        for (const Cycles cycles : before) {
            EXPECT_LE(cycles, all + 40u); // waits of accesses still to come are not in
        }
        EXPECT_TRUE(std::is_sorted(before.begin(), before.end()));
    }
}

TEST_P(TimingProperties, WhatIsHandedOverIsWhatWasRetired) {
    struct Sink final : CostSink {
        void addCost(const Block& block, const BlockCost& cost, std::uint64_t times, std::uint32_t owner) override {
            executions[{block.id, owner}] += times;
            cycles += times * cost.cycles;
        }
        std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> executions; ///< by block and owner
        Cycles cycles = 0;
    } sink;
    const McuDesc mcu = mcuOf(GetParam());
    const Walk walk = makeWalk(mcu, 5);
    const auto timing = prepare(mcu, GetParam(), walk);
    timing->setSink(sink);
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> executions;
    Cycles cycles = 0;
    std::uint32_t step = 0;
    for (const Walk::Step& s : walk.steps) {
        const std::uint32_t owner = step / 3 % 5;
        timing->setOwner(owner);
        cycles += timing->retire(walk.blocks[s.block], s.accesses, s.next);
        ++executions[{walk.blocks[s.block].id, owner}];
        if (++step % 700 == 0) {
            timing->settle();
        }
        if (step % 500 == 0) { // what was not handed over yet is not lost
            timing->setCachePolicies({});
        }
    }
    timing->settle();
    EXPECT_EQ(sink.cycles, cycles);
    EXPECT_EQ(sink.executions, executions);
}

INSTANTIATE_TEST_SUITE_P(Targets, TimingProperties, testing::ValuesIn(kTargets),
                         [](const auto& target) { return std::to_string(target.index); });

} // namespace
} // namespace simprof
