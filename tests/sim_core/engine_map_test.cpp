// SPDX-License-Identifier: GPL-2.0-or-later
/// What the engine gets of an address space, planned without one.
#include "sim_core/memory/engine_map.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace simprof::test {

namespace {

constexpr std::uint32_t kKiB = 1024;

/// A board with these memories, and peripherals at these addresses.
struct Plan {
    explicit Plan(std::vector<MemoryDesc> memories, const std::vector<Address>& peripherals = {}) {
        auto part = std::make_shared<McuDesc>();
        part->memories = std::move(memories);
        for (const Address address : peripherals) {
            PeripheralDesc desc;
            desc.range = {address, 4 * kKiB};
            part->peripherals.push_back(desc);
        }
        mcu = part;
        board.mcu = mcu;
    }
    Mapping mapping(std::size_t imageBytes = 4 * kKiB) const {
        FirmwareImage image;
        image.segments.emplace_back();
        image.segments.back().address = board.mcu->memories.front().range.begin;
        image.segments.back().bytes.resize(imageBytes);
        return planMapping(space().regions(), image, board);
    }
    const AddressSpace& space() const {
        if (!bytes) {
            bytes = std::make_unique<AddressSpace>(*mcu);
        }
        return *bytes;
    }
    std::shared_ptr<McuDesc> mcu;
    BoardDesc board;
    mutable std::unique_ptr<AddressSpace> bytes;
};

MemoryDesc flash(Address begin, std::uint32_t size) { return {"flash", MemoryKind::Flash, {begin, size}, "", {}, {}}; }
MemoryDesc sram(Address begin, std::uint32_t size) { return {"SRAM", MemoryKind::Sram, {begin, size}, "", {}, {}}; }

std::string text(const std::vector<AddressRange>& ranges) {
    std::string all;
    for (const AddressRange& range : ranges) {
        all += fmt::format("{}{:08x}+{:x}", all.empty() ? "" : " ", range.begin, range.size);
    }
    return all;
}

std::string text(const std::vector<MappedMemory>& memories) {
    std::string all;
    for (const MappedMemory& memory : memories) {
        all += fmt::format("{}{:08x}+{:x}{}", all.empty() ? "" : " ", memory.begin, memory.bytes.size(),
                           memory.writable ? "w" : "");
    }
    return all;
}

} // namespace

TEST(PlanMapping, MemoriesByAddress) {
    const Plan plan({sram(0x20000000, 16 * kKiB), flash(0x00000000, 4 * kKiB)});
    EXPECT_EQ(text(plan.mapping().memories), "00000000+1000 20000000+4000w");
}

TEST(PlanMapping, DeviceAreaAndPrivateBus) {
    EXPECT_EQ(text(Plan({flash(0, 4 * kKiB)}).mapping().devices), "e0000000+100000 40000000+20000000");
}

TEST(PlanMapping, AMemoryInTheDeviceAreaIsAHoleThatComesWhenUsed) {
    const Mapping mapping = Plan({flash(0, 4 * kKiB), sram(0x40024000, 4 * kKiB)}).mapping();
    EXPECT_EQ(text(mapping.devices), "e0000000+100000 40000000+24000 40025000+1ffdb000");
    EXPECT_EQ(text(mapping.onDemand), "40024000+1000");
}

TEST(PlanMapping, DevicesElsewhereGetPages) {
    const Plan plan({flash(0, 4 * kKiB)}, {0x40001000, 0xD0001000, 0xD0000000, 0xE000E000});
    EXPECT_EQ(text(plan.mapping().devices), "e0000000+100000 40000000+20000000 d0000000+2000");
}

TEST(PlanMapping, NeighboursThatShareStorageAreOne) {
    MemoryDesc second = sram(0x20004000, 16 * kKiB);
    const Plan plan({flash(0, 4 * kKiB), sram(0x20000000, 16 * kKiB), second});
    std::size_t bytes = 0;
    for (const MappedMemory& memory : plan.mapping().memories) {
        bytes += memory.bytes.size();
    }
    EXPECT_EQ(bytes, 36 * kKiB);
}

TEST(PlanMapping, AliasesComeWhenUsed) {
    MemoryDesc alias = flash(0, 4 * kKiB);
    alias.aliasOf = 0x08000000;
    const Mapping mapping = Plan({flash(0x08000000, 4 * kKiB), alias}).mapping();
    EXPECT_EQ(text(mapping.memories), "08000000+1000");
    EXPECT_EQ(text(mapping.onDemand), "00000000+1000");
}

TEST(PlanMapping, BitBandComesWhenUsed) {
    const Plan plan({flash(0, 4 * kKiB)});
    plan.mcu->core.bitBand = true;
    EXPECT_EQ(text(plan.mapping().onDemand), "22000000+2000000");
}

TEST(PlanMapping, BootRomGoesLater) {
    Plan plan({flash(0x10000000, 4 * kKiB), {"ROM", MemoryKind::Rom, {0, 16 * kKiB}, "", {}, {}}});
    plan.board.startsInRom = true;
    EXPECT_EQ(plan.mapping().bootRom, (AddressRange{0, 16 * kKiB}));
}

TEST(PlanMapping, PiecesCoverEachByteOnce) {
    const Plan plan({flash(0x08000000, 1024 * kKiB), sram(0x20000000, 64 * kKiB), sram(0x10000000, 64 * kKiB)});
    for (const std::size_t used : {4 * kKiB, 100 * kKiB, 1024 * kKiB}) {
        std::uint64_t flashEnd = 0x08000000, bytes = 0;
        for (const MappedMemory& memory : plan.mapping(used).memories) {
            bytes += memory.bytes.size();
            if (!memory.writable) {
                EXPECT_EQ(memory.begin, flashEnd) << used;
                flashEnd += memory.bytes.size();
            }
        }
        EXPECT_EQ(flashEnd, 0x08100000U) << used;
        EXPECT_EQ(bytes, 1152U * kKiB) << used;
    }
}

TEST(PlanMapping, AnImageInRamAlone) {
    EXPECT_EQ(text(Plan({sram(0x20000000, 16 * kKiB)}).mapping().memories), "20000000+4000w");
}

} // namespace simprof::test
