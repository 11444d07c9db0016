// SPDX-License-Identifier: GPL-2.0-or-later
// SAADC, PDM and TWIM of the nRF52840: what reaches memory, and when.
#include "fake_machine.h"

#include "peripherals/sensors/sensor.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace simprof::test {
namespace {

std::string sampleFile(const char* name, const std::string& content) {
    const auto path = std::filesystem::path(testing::TempDir()) / (std::string("simprof-nrf52-") + name);
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
}

BoardDesc nano(std::vector<SensorDesc> sensors) {
    BoardDesc board = *findBoard("arduino-nano-33-ble");
    board.sensors = std::move(sensors);
    return board;
}

std::int16_t halfword(FakeMachine& machine, Address address) {
    return static_cast<std::int16_t>(machine.memory(address) | machine.memory(address + 1) << 8);
}

TEST(Saadc, SamplesIntoMemory) {
    const BoardDesc board = nano({{"SAADC", "2", "analog", sampleFile("volts.csv", "volts\n0.9\n1.8\n")}});
    FakeMachine machine(board);
    machine.store("SAADC", 0x500, 1);
    machine.store("SAADC", 0x5F0, 2);                  // 12 bits
    machine.store("SAADC", 0x510, 3);                  // AIN2
    machine.store("SAADC", 0x518, 0U << 8 | 2U << 16); // gain 1/6 of 0.6 V: 3.6 V, 10 us
    machine.store("SAADC", 0x62C, 0x20001000);
    machine.store("SAADC", 0x630, 2);
    machine.store("SAADC", 0x304, 1U << 1); // END
    machine.store("SAADC", 0x000, 1);
    EXPECT_EQ(machine.load("SAADC", 0x100), 1U) << "STARTED";
    machine.store("SAADC", 0x004, 1);
    EXPECT_EQ(machine.advanceUntil([&] { return machine.load("SAADC", 0x108) != 0; }, 10'000), 64U * 12);
    EXPECT_EQ(halfword(machine, 0x20001000), 1024);
    EXPECT_FALSE(machine.irq(7));
    machine.store("SAADC", 0x004, 1);
    machine.advance(64 * 12);
    EXPECT_EQ(halfword(machine, 0x20001002), 2048);
    EXPECT_EQ(machine.load("SAADC", 0x634), 2U);
    EXPECT_TRUE(machine.irq(7));
}

TEST(Pdm, HearsAFileAtItsRate) {
    std::string raw;
    for (const int sample : {0, 8192, 16384, -16384}) {
        raw += static_cast<char>(sample & 0xFF);
        raw += static_cast<char>(sample >> 8 & 0xFF);
    }
    const BoardDesc board = nano({{"PDM", "", "microphone", sampleFile("tone.raw", raw)}});
    FakeMachine machine(board);
    machine.store("PDM", 0x504, 0x08000000); // 1 MHz / 64: 15.625 kHz
    machine.store("PDM", 0x508, 1);          // mono
    machine.store("PDM", 0x560, 0x20002000);
    machine.store("PDM", 0x564, 4);
    machine.store("PDM", 0x500, 1);
    machine.store("PDM", 0x000, 1);
    machine.store("PDM", 0x560, 0x20002100); // the next buffer
    EXPECT_NEAR(machine.advanceUntil([&] { return machine.load("PDM", 0x108) != 0; }, 100'000), 64'000'000 * 4 / 15'625,
                2);
    EXPECT_EQ(halfword(machine, 0x20002000), 0);
    EXPECT_NEAR(halfword(machine, 0x20002002), 8192, 1);
    EXPECT_NEAR(halfword(machine, 0x20002004), 16384, 1);
    EXPECT_NEAR(halfword(machine, 0x20002006), -16384, 1);
    machine.store("PDM", 0x108, 0);
    machine.advanceUntil([&] { return machine.load("PDM", 0x108) != 0; }, 100'000);
    EXPECT_EQ(halfword(machine, 0x20002106), 0) << "silence after the end";
    machine.store("PDM", 0x004, 1);
    EXPECT_EQ(machine.load("PDM", 0x104), 1U) << "STOPPED";
}

TEST(Twim, ReadsBehindARepeatedStart) {
    const BoardDesc board = nano({{"I2C0", "0x5F", "hts221", ""}});
    FakeMachine machine(board);
    machine.memory(0x20000100) = 0x0F;
    machine.store("SPIM0_TWIM0", 0x500, 6);
    machine.store("SPIM0_TWIM0", 0x524, 0x01980000);
    machine.store("SPIM0_TWIM0", 0x588, 0x5F);
    machine.store("SPIM0_TWIM0", 0x544, 0x20000100);
    machine.store("SPIM0_TWIM0", 0x548, 1);
    machine.store("SPIM0_TWIM0", 0x534, 0x20000200);
    machine.store("SPIM0_TWIM0", 0x538, 1);
    machine.store("SPIM0_TWIM0", 0x200, 1U << 7 | 1U << 12);
    machine.store("SPIM0_TWIM0", 0x008, 1);
    const Cycles cycles = machine.advanceUntil([&] { return machine.load("SPIM0_TWIM0", 0x104) != 0; }, 100'000);
    EXPECT_NEAR(cycles, 39 * 640, 400) << "39 bits of 100 kHz";
    EXPECT_EQ(machine.memory(0x20000200), 0xBC);
    machine.store("SPIM0_TWIM0", 0x588, 0x11);
    machine.store("SPIM0_TWIM0", 0x008, 1);
    machine.advance(10'000);
    EXPECT_EQ(machine.load("SPIM0_TWIM0", 0x4C4), 2U) << "ANACK";
    machine.store("SPIM0_TWIM0", 0x544, 0x00001000);
    machine.store("SPIM0_TWIM0", 0x588, 0x5F);
    machine.store("SPIM0_TWIM0", 0x008, 1);
    machine.advance(20'000);
    EXPECT_THAT(machine.events, testing::ElementsAre(testing::HasSubstr("I2C0: nothing answers at address 0x11"),
                                                     testing::HasSubstr("EasyDMA cannot read flash")));
}

} // namespace
} // namespace simprof::test
