// SPDX-License-Identifier: GPL-2.0-or-later
// DMA, I2C, SPI and ADC of the RP2040.
#include "fake_machine.h"

#include "peripherals/sensors/sensor.h"

#include <gmock/gmock.h>

namespace simprof::test {
namespace {

BoardDesc pico(std::vector<SensorDesc> sensors) {
    BoardDesc board = *findBoard("raspberry-pi-pico");
    board.sensors = std::move(sensors);
    return board;
}

TEST(Rp2040Dma, ChainsAndRequests) {
    FakeMachine machine("raspberry-pi-pico");
    machine.store("RESETS", 0x3000, 1U << 2);
    machine.memory(0x20000000) = 0x11;
    machine.memory(0x20000004) = 0x22;
    machine.store("DMA", 0x404, 3U); // both channels interrupt
    machine.store("DMA", 0x40, 0x20000004);
    machine.store("DMA", 0x44, 0x20000104);
    machine.store("DMA", 0x48, 1);
    machine.store("DMA", 0x50, 0x3FU << 15 | 1U << 11 | 2U << 2 | 1U); // AL1_CTRL does not trigger
    machine.store("DMA", 0x00, 0x20000000);
    machine.store("DMA", 0x04, 0x20000100);
    machine.store("DMA", 0x08, 1);
    machine.store("DMA", 0x0C, 0x3FU << 15 | 1U << 11 | 2U << 2 | 1U); // permanent request, words, then channel 1
    machine.advance(100);
    EXPECT_EQ(machine.memory(0x20000100), 0x11);
    EXPECT_EQ(machine.memory(0x20000104), 0x22);
    EXPECT_EQ(machine.load("DMA", 0x40C), 3U);
    EXPECT_TRUE(machine.irq(11));
    machine.store("DMA", 0x40C, 3U);
    EXPECT_FALSE(machine.irq(11));
    EXPECT_EQ(machine.load("DMA", 0x0C) & 1U << 24, 0U) << "BUSY";
}

TEST(Rp2040I2c, ReadsBehindARepeatedStart) {
    const BoardDesc board = pico({{"I2C0", "0x5F", "hts221", ""}});
    FakeMachine machine(board);      // 6.5 MHz of the ring oscillator
    machine.store("I2C0", 0x14, 32); // standard mode: 65 clocks a bit, 100 kHz
    machine.store("I2C0", 0x18, 33);
    machine.store("I2C0", 0x00, 0x63);
    machine.store("I2C0", 0x04, 0x5F);
    machine.store("I2C0", 0x6C, 1);
    machine.store("I2C0", 0x10, 0x8F);
    machine.store("I2C0", 0x10, 1U << 10 | 1U << 8);
    machine.store("I2C0", 0x10, 1U << 9 | 1U << 8);
    machine.advanceUntil([&] { return (machine.load("I2C0", 0x34) & 1U << 9) != 0; }, 100'000);
    EXPECT_EQ(machine.now(), 65U * (10 + 9 + 10 + 9 + 9));
    EXPECT_EQ(machine.load("I2C0", 0x78), 2U) << "RXFLR";
    EXPECT_EQ(machine.load("I2C0", 0x10), 0xBCU);
    EXPECT_EQ(machine.load("I2C0", 0x10), 0x1BU);
    EXPECT_EQ(machine.load("I2C0", 0x60), 1U);
    EXPECT_EQ(machine.load("I2C0", 0x34) & 1U << 9, 0U) << "STOP_DET was cleared";
}

TEST(Rp2040I2c, NobodyAnswers) {
    FakeMachine machine("raspberry-pi-pico");
    machine.store("I2C0", 0x30, 1U << 6);
    machine.store("I2C0", 0x6C, 1);
    machine.store("I2C0", 0x10, 1);
    machine.advance(100'000);
    EXPECT_TRUE(machine.irq(23));
    EXPECT_EQ(machine.load("I2C0", 0x80), 1U) << "ABRT_7B_ADDR_NOACK";
    (void)machine.load("I2C0", 0x54);
    EXPECT_FALSE(machine.irq(23));
}

TEST(Rp2040Spi, ASensorThatIsAlwaysSelected) {
    const BoardDesc board = pico({{"SPI0", "", "lis3dh", ""}});
    FakeMachine machine(board);
    machine.store("CLOCKS", 0x48, 1U << 11); // clk_peri
    machine.store("SPI0", 0x10, 2);
    machine.store("SPI0", 0x00, 7 | 1U << 8); // 8 bits, clock / 4
    machine.store("SPI0", 0x04, 2);
    machine.store("SPI0", 0x08, 0x8F);
    machine.store("SPI0", 0x08, 0);
    EXPECT_EQ(machine.advanceUntil([&] { return (machine.load("SPI0", 0x0C) & 16U) == 0; }, 10'000), 64U);
    EXPECT_EQ(machine.load("SPI0", 0x08), 0xFFU);
    EXPECT_EQ(machine.load("SPI0", 0x08), 0x33U);
}

} // namespace
} // namespace simprof::test
