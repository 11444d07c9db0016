// SPDX-License-Identifier: GPL-2.0-or-later
// The tables of boards and MCUs make sense, whoever adds one.
#include "fake_machine.h"

#include "peripherals/board_guess.h"
#include "peripherals/register_file.h"
#include "sim_core/error.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

namespace simprof::test {
namespace {

class EveryBoard : public testing::TestWithParam<std::string> {
protected:
    const BoardDesc& board = *findBoard(GetParam());
    const McuDesc& mcu = *board.mcu;
};

std::vector<std::string> boardNames() {
    std::vector<std::string> names;
    for (const BoardDesc& board : boards()) {
        names.push_back(board.name);
    }
    return names;
}

bool overlap(const AddressRange& a, const AddressRange& b) { return a.begin < b.end() && b.begin < a.end(); }

TEST_P(EveryBoard, MemoriesDoNotOverlap) {
    for (std::size_t i = 0; i < mcu.memories.size(); ++i) {
        for (std::size_t j = i + 1; j < mcu.memories.size(); ++j) {
            EXPECT_FALSE(overlap(mcu.memories[i].range, mcu.memories[j].range))
                << mcu.memories[i].name << ", " << mcu.memories[j].name;
        }
        EXPECT_GT(mcu.memories[i].range.size, 0U) << mcu.memories[i].name;
    }
}

TEST_P(EveryBoard, AnAliasShowsBytesOfAMemory) {
    for (const MemoryDesc& memory : mcu.memories) {
        if (memory.aliasOf) {
            const auto holds = [&](const MemoryDesc& other) {
                return !other.aliasOf && other.range.contains(*memory.aliasOf, memory.range.size);
            };
            EXPECT_TRUE(std::ranges::any_of(mcu.memories, holds)) << memory.name;
        }
    }
}

TEST_P(EveryBoard, DevicesOverlapOnlyWhereTheyShareABlock) {
    for (std::size_t i = 0; i < mcu.peripherals.size(); ++i) {
        const PeripheralDesc& a = mcu.peripherals[i];
        for (std::size_t j = i + 1; j < mcu.peripherals.size(); ++j) {
            EXPECT_FALSE(overlap(a.range, mcu.peripherals[j].range)) << a.name << ", " << mcu.peripherals[j].name;
        }
        for (const MemoryDesc& memory : mcu.memories) {
            EXPECT_FALSE(overlap(a.range, memory.range)) << a.name << ", " << memory.name;
        }
    }
}

TEST_P(EveryBoard, NamesAreUniqueAndTypesAreKnown) {
    std::set<std::string> names;
    for (const PeripheralDesc& desc : mcu.peripherals) {
        EXPECT_TRUE(names.insert(desc.name).second) << desc.name;
        EXPECT_FALSE(desc.source.empty()) << desc.name;
    }
}

TEST_P(EveryBoard, InterruptNumbersAreInRange) {
    EXPECT_LE(mcu.irqNames.size(), mcu.core.irqCount);
    for (const PeripheralDesc& desc : mcu.peripherals) {
        for (const auto& [line, number] : desc.irqs) {
            EXPECT_GE(number, 0) << desc.name << " " << line;
            EXPECT_LT(number, static_cast<int>(mcu.core.irqCount)) << desc.name << " " << line;
        }
    }
}

TEST_P(EveryBoard, StartsInAMemoryAndTalksOnAUart) {
    const auto holdsTable = [&](const MemoryDesc& memory) { return memory.range.contains(board.vectorTable); };
    EXPECT_TRUE(std::ranges::any_of(mcu.memories, holdsTable));
    EXPECT_TRUE(
        std::ranges::any_of(mcu.peripherals, [&](const PeripheralDesc& desc) { return desc.name == board.console; }));
    EXPECT_GT(mcu.resetClock, 0U);
    EXPECT_LE(mcu.resetClock, mcu.maxClock);
    EXPECT_FALSE(board.source.empty());
    EXPECT_FALSE(mcu.source.empty());
}

TEST_P(EveryBoard, SuppliesAreSourcedAndHaveABand) {
    std::set<std::string> names;
    for (const SupplyPoint& supply : board.supplies) {
        EXPECT_TRUE(names.insert(supply.name).second) << supply.name;
        EXPECT_GT(supply.volts, 1.6) << supply.name;
        EXPECT_LT(supply.volts, 3.7) << supply.name;
        const auto runs = [](const CurrentRow& row) { return row.state == PowerState::Run && row.microamp > 1; };
        EXPECT_TRUE(supply.microampPerMhz > 1 || std::ranges::any_of(supply.currents, runs)) << supply.name;
        for (const CurrentRow& row : supply.currents) {
            EXPECT_GT(row.microamp, 0) << supply.name << ": unknown is no row, and not 0";
            EXPECT_TRUE(row.mostMicroamp == 0 || row.mostMicroamp >= row.microamp) << supply.name;
            EXPECT_GT(row.source.size(), 20U) << supply.name;
            EXPECT_EQ(row.source.find("features: 88"), std::string::npos) << supply.name;
        }
        EXPECT_GT(supply.bandPercent, 0) << supply.name;
        EXPECT_GT(supply.source.size(), 20U) << supply.name;
    }
}

TEST_P(EveryBoard, DevicesAnswerAfterResetAndSurviveEveryWrite) {
    FakeMachine machine(board);
    for (const PeripheralDesc& desc : mcu.peripherals) {
        Peripheral* device = machine.peripheral(desc.name);
        ASSERT_NE(device, nullptr) << desc.name;
        for (std::uint32_t offset = 0; offset < std::min<std::uint32_t>(desc.range.size, 0x600); offset += 4) {
            for (const std::uint32_t value : {0xFFFFFFFFU, 0x55555555U, 0U}) {
                device->write(offset, 4, value);
                (void)device->read(offset, 4);
                (void)device->read(offset, 1);
            }
        }
        machine.advance(1000);
        machine.reset();
    }
}

INSTANTIATE_TEST_SUITE_P(Boards, EveryBoard, testing::ValuesIn(boardNames()), [](const auto& parameter) {
    std::string name = parameter.param;
    std::ranges::replace(name, '-', '_');
    return name;
});

TEST(BoardGuess, TableOfImages) {
    struct Row {
        Address base;
        std::uint32_t sp;
        std::size_t bytes;
        std::optional<unsigned> arch; // Tag_CPU_arch: 12 v6S-M, 13 v7E-M
        const char* cpu;
        const char* board;
    };
    const Row rows[] = {
        {0x08000000, 0x200A0000, 70356, 13, "Cortex-M4", "nucleo-l4r5zi"},
        {0x08000000, 0x20050000, 67060, 13, "Cortex-M7", "stm32f746g-disco"},
        {0x08000000, 0x20024000, 81332, 12, "Cortex-M0plus", "nucleo-g0b1re"},
        {0x08000000, 0x24100000, 76344, 13, "Cortex-M7", "nucleo-h7a3zi-q"},
        {0x08000000, 0x20002000, 20000, 12, "Cortex-M0plus", "nucleo-l053r8"},
        {0x08040000, 0x24080000, 70000, 13, "Cortex-M7", "portenta-h7"},
        {0x10000000, 0x20042000, 70000, 12, "Cortex-M0plus", "raspberry-pi-pico"},
        {0x00000000, 0x20004000, 70000, 12, "Cortex-M0", "microbit"},
    };
    for (const Row& row : rows) {
        FirmwareImage image;
        image.name = "fw.elf";
        std::vector<std::byte> bytes(row.bytes);
        const std::size_t table = row.base == 0x10000000 ? 0x100 : 0;
        for (unsigned i = 0; i < 4; ++i) {
            bytes[table + i] = static_cast<std::byte>(row.sp >> (8 * i));
        }
        image.segments.push_back({row.base, row.base, bytes, bytes.size()});
        image.attributes.cpuArch = row.arch;
        image.attributes.cpuName = row.cpu;
        const BoardGuess guess = guessBoard(image);
        EXPECT_EQ(guess.board->name, row.board) << guess.why;
    }
}

TEST(BoardGuess, SaysWhatDoesNotFit) {
    FirmwareImage image;
    image.name = "fw.elf";
    image.segments.push_back({0x90000000, 0x90000000, std::vector<std::byte>(64), 64});
    EXPECT_THAT([&] { guessBoard(image); },
                testing::ThrowsMessage<Error>(testing::HasSubstr("needs memory at 0x90000000")));
}

TEST(Registry, UnknownTypesAreMemoryThatIsReported) {
    FakeMachine machine("nucleo-l4r5zi");
    PeripheralDesc desc{"X", "no_such_type", {0x40000000, 0x400}, {}, {}, ""};
    const auto device = makePeripheral(desc, machine.board(), machine);
    device->write(8, 4, 42);
    EXPECT_EQ(device->read(8, 4), 42U);
    EXPECT_FALSE(device->models(8));
}

} // namespace
} // namespace simprof::test
