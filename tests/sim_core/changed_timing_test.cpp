// SPDX-License-Identifier: GPL-2.0-or-later
/// A what-if counts what the machine would count: code and data that are placed elsewhere cost what they cost there,
/// and settings what they cost when they are programmed.
#include "sim_core/timing/changed_timing.h"

#include <gtest/gtest.h>

#include <random>

namespace simprof {
namespace {

constexpr Address kFlash = 0x08000000;
constexpr Address kRam = 0x20000000;

struct Target {
    const char* name;
    const CoreKind* core;
    const char* flash;
    const char* ram;
    MemorySettings settings;
};
const Target kTargets[] = {
    {"M0plus_G0", &kCortexM0Plus, "stm32g0_flash", "stm32_sram", {2, true, true, false}},
    {"M0plus_RP2040", &kCortexM0Plus, "rp2040_xip", "rp2040_sram", {56, false, true, true}},
    {"M4_L4", &kCortexM4, "stm32l4_flash", "stm32_sram", {5, true, true, true}},
    {"M7_F7", &kCortexM7, "stm32f7_axi", "stm32f7_sram", {7, false, false, false}},
    {"M7_H7A3", &kCortexM7, "stm32h7a3_flash", "stm32h7_axi_sram", {6, false, false, false}},
};
void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }

McuDesc mcuOf(const Target& target) {
    McuDesc mcu;
    mcu.core.kind = target.core;
    mcu.core.icacheBytes = mcu.core.dcacheBytes = target.core->hasL1() ? 4096 : 0;
    mcu.memories = {{"flash", MemoryKind::Flash, {kFlash, 0x100000}, target.flash, {}, {}},
                    {"RAM", MemoryKind::Sram, {kRam, 0x40000}, target.ram, {}, {}}};
    return mcu;
}

struct Nobody final : CostSink {
    void addCost(const Block& block, const BlockCost& cost, std::uint64_t times, std::uint32_t) override {
        cycles += times * cost.cycles;
        begins.push_back(block.begin);
    }
    Cycles cycles = 0;
    std::vector<Address> begins;
};

/// Random code of `count` blocks from `begin` on, one behind the other.
std::vector<Block> codeAt(Address begin, const CoreDesc& core, unsigned count) {
    std::mt19937 random(7);
    std::vector<Block> blocks;
    for (unsigned id = 0; id < count; ++id) {
        std::vector<std::byte> code(4 * (1 + random() % 12));
        for (std::byte& byte : code) {
            byte = static_cast<std::byte>(random());
        }
        blocks.push_back(decodeBlock(begin, code, core));
        blocks.back().id = id;
        blocks.back().target = 0;
        begin += static_cast<Address>(code.size());
    }
    return blocks;
}

/// Where the program has its code, and the half of its data that is read from flash or from where it was placed.
struct Places {
    Address code = kFlash;
    Address data = kFlash + 0x8000;
};

std::vector<Cycles> walk(CoreTiming& timing, const McuDesc& mcu, const Places& places) {
    Nobody nobody;
    timing.setSink(nobody);
    const std::vector<Block> blocks = codeAt(places.code, mcu.core, 40);
    for (const Block& block : blocks) {
        timing.addBlock(block);
    }
    std::mt19937 random(11);
    std::vector<Cycles> cycles;
    const Block* block = blocks.data();
    Cycles sum = 0;
    for (int i = 0; i < 5000; ++i) {
        std::vector<Access> accesses;
        for (const AccessSlot& slot : block->slots) {
            const Address offset = random() % 2048 * 4;
            accesses.push_back(
                {(random() % 2 != 0 && !slot.write ? places.data : kRam) + offset, slot.size, slot.write});
        }
        const Block* next = &blocks[random() % blocks.size()];
        cycles.push_back(timing.retire(*block, accesses, next->begin));
        sum += cycles.back();
        block = next;
    }
    timing.settle();
    EXPECT_EQ(nobody.cycles, sum);
    for (const Address begin : nobody.begins) { // costs come back for the blocks as the firmware has them
        EXPECT_GE(begin, places.code);
        EXPECT_LT(begin, places.code + 0x4000);
    }
    return cycles;
}

class ChangedTiming : public testing::TestWithParam<Target> {
protected:
    std::vector<Cycles> changed(const TimingChanges& changes, const Places& places = {}) {
        const auto timing = makeCoreTiming(m_mcu, changes);
        timing->setMemory(GetParam().flash, GetParam().settings);
        timing->setL1({true, true});
        return walk(*timing, m_mcu, places);
    }
    McuDesc m_mcu = mcuOf(GetParam());
};

TEST_P(ChangedTiming, CodePlacedElsewhereCostsWhatItCostsThere) {
    constexpr Address kTo = kRam + 0x20000;
    const std::vector<Cycles> there = changed({}, {.code = kTo});
    TimingChanges changes;
    changes.placements = {{{kFlash, 0x4000}, std::int64_t{kTo} - kFlash, std::int64_t{kTo} - kFlash}};
    EXPECT_EQ(changed(changes), there);
    EXPECT_NE(changed({}), there);
}

TEST_P(ChangedTiming, DataPlacedElsewhereCostsWhatItCostsThere) {
    constexpr Address kTo = kRam + 0x20000;
    const std::vector<Cycles> there = changed({}, {.data = kTo});
    TimingChanges changes;
    changes.placements = {
        {{kFlash + 0x8000, 0x2000}, std::int64_t{kTo} - kFlash - 0x8000, std::int64_t{kTo} - kFlash - 0x8000}};
    EXPECT_EQ(changed(changes), there);
}

TEST_P(ChangedTiming, ShiftedCodeCostsWhatItCostsThere) {
    for (const unsigned shift : {2U, 4U, 6U, 32U}) {
        TimingChanges changes;
        changes.placements = {{{kFlash, 0x4000}, shift, 0}};
        EXPECT_EQ(changed(changes), changed({}, {.code = kFlash + shift})) << shift;
    }
}

TEST_P(ChangedTiming, SettingsCostWhatTheyCostWhenTheyAreProgrammed) {
    const bool l1 = m_mcu.core.kind->hasL1();
    const auto flash = flashSettings(GetParam().flash);
    ASSERT_TRUE(flash);
    MemorySettings other = GetParam().settings;
    TimingChanges changes;
    changes.waitStates = 3;
    changes.prefetch = false;
    changes.icache = changes.dcache = false;
    other.waitStates = flash->fixedWaits ? other.waitStates : 3;
    other.prefetch = false;
    other.icache = !l1 && flash->hasIcache ? false : other.icache;
    other.dcache = !l1 && flash->hasDcache ? false : other.dcache;
    const auto timing = makeCoreTiming(m_mcu);
    timing->setMemory(GetParam().flash, other);
    timing->setL1({!l1, !l1});
    EXPECT_EQ(changed(changes), walk(*timing, m_mcu, {}));
}

TEST_P(ChangedTiming, WithoutChangesItIsTheMachinesOwn) {
    const auto timing = makeCoreTiming(m_mcu);
    timing->setMemory(GetParam().flash, GetParam().settings);
    timing->setL1({true, true});
    EXPECT_EQ(changed({}), walk(*timing, m_mcu, {}));
}

INSTANTIATE_TEST_SUITE_P(Cores, ChangedTiming, testing::ValuesIn(kTargets),
                         [](const auto& test) { return std::string(test.param.name); });

} // namespace
} // namespace simprof
