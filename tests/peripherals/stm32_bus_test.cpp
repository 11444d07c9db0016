// SPDX-License-Identifier: GPL-2.0-or-later
// I2C and SPI of STM32: bus time, answers of sensors, nobody there, DMA requests.
#include "fake_machine.h"

#include "peripherals/sensors/sensor.h"

#include <gmock/gmock.h>

namespace simprof::test {
namespace {

BoardDesc with(const char* name, std::vector<SensorDesc> sensors) {
    BoardDesc board = *findBoard(name);
    board.sensors = std::move(sensors);
    return board;
}

class I2cV2 : public testing::Test {
protected:
    const BoardDesc board = with("nucleo-l4r5zi", {{"I2C1", "0x5F", "hts221", ""}});
    FakeMachine machine{board};
    void SetUp() override { // 4 MHz MSI: SCL of (19 + 1 + 17 + 1 + 4) clocks is 95 kHz
        machine.store("I2C1", 0x10, 17U << 8 | 19U);
        machine.store("I2C1", 0x00, 1);
    }
    std::uint32_t isr() { return machine.load("I2C1", 0x18); }
    Cycles until(std::uint32_t flag) {
        return machine.advanceUntil([&] { return (isr() & flag) != 0; }, 100'000);
    }
};

TEST_F(I2cV2, ReadsARegister) {
    machine.store("I2C1", 0x04, 0x5FU << 1 | 1U << 16 | 1U << 13); // write one byte, no stop
    const Cycles address = until(1U << 1);                         // TXIS
    EXPECT_EQ(address, 10 * 42U);
    machine.store("I2C1", 0x28, 0x0F);
    EXPECT_EQ(until(1U << 6), 9 * 42U); // TC
    machine.store("I2C1", 0x04, 0x5FU << 1 | 1U << 16 | 1U << 13 | 1U << 10 | 1U << 25);
    until(1U << 2); // RXNE
    EXPECT_EQ(machine.load("I2C1", 0x24), 0xBCU);
    until(1U << 5); // STOPF
    EXPECT_EQ(isr() & (1U << 15), 0U) << "BUSY";
}

TEST_F(I2cV2, NobodyAnswers) {
    machine.store("I2C1", 0x00, 1U | 1U << 4); // NACKIE
    machine.store("I2C1", 0x04, 0x22U << 1 | 1U << 16 | 1U << 13 | 1U << 25);
    until(1U << 4);
    EXPECT_TRUE(machine.irq(machine.irqOf("I2C1", "ev")));
    until(1U << 5);
    machine.store("I2C1", 0x1C, 1U << 4 | 1U << 5);
    EXPECT_FALSE(machine.irq(machine.irqOf("I2C1", "ev")));
    EXPECT_EQ(isr(), 1U);
}

TEST_F(I2cV2, HoldsTheClockUntilAByteIsRead) {
    machine.store("I2C1", 0x04, 0x5FU << 1 | 2U << 16 | 1U << 13 | 1U << 10 | 1U << 25);
    until(1U << 2);
    machine.advance(100'000);
    EXPECT_EQ(isr() & (1U << 5), 0U) << "no stop while RXDR is full";
    (void)machine.load("I2C1", 0x24);
    EXPECT_NE(isr() & (1U << 2), 0U) << "the next byte was waiting";
    (void)machine.load("I2C1", 0x24);
    until(1U << 5);
}

TEST_F(I2cV2, SwitchedOffForgets) {
    machine.store("I2C1", 0x04, 0x5FU << 1 | 2U << 16 | 1U << 13 | 1U << 10);
    machine.store("I2C1", 0x00, 0);
    machine.advance(100'000);
    EXPECT_EQ(isr(), 1U);
}

struct SpiRow {
    const char* board;
    std::uint32_t cr2; ///< v2: eight bits, RXNE for each
    std::uint32_t gpioClock;
};

class Spi : public testing::TestWithParam<SpiRow> {
protected:
    const BoardDesc board = with(GetParam().board, {{"SPI1", "PA4", "lis3dh", ""}});
    FakeMachine machine{board};
    void SetUp() override {
        machine.store("GPIOA", 0x18, 1U << 4);
        machine.store("SPI1", 0x04, GetParam().cr2);
        machine.store("SPI1", 0x00, 1U << 2 | 1U << 9 | 1U << 8 | 1U << 3);           // master, clock / 4
        machine.store("SPI1", 0x00, 1U << 2 | 1U << 9 | 1U << 8 | 1U << 3 | 1U << 6); // on
    }
    std::uint32_t exchange(std::uint32_t byte) {
        machine.store("SPI1", 0x0C, byte, 1);
        const Cycles cycles = machine.advanceUntil([&] { return (machine.load("SPI1", 0x08) & 1U) != 0; }, 10'000);
        EXPECT_EQ(cycles, 32U) << "eight bits of four clocks";
        return machine.load("SPI1", 0x0C, 1);
    }
};

TEST_P(Spi, TheSelectedSensorAnswers) {
    EXPECT_EQ(exchange(0x8F), 0xFFU);
    EXPECT_EQ(exchange(0), 0xFFU) << "not selected";
    machine.store("GPIOA", 0x18, 1U << 20); // PA4 low
    exchange(0x8F);
    EXPECT_EQ(exchange(0), 0x33U) << "WHO_AM_I";
    machine.store("GPIOA", 0x18, 1U << 4);
    machine.store("GPIOA", 0x18, 1U << 20);
    exchange(0x20);
    exchange(0x57);
    machine.store("GPIOA", 0x18, 1U << 4);
    machine.store("GPIOA", 0x18, 1U << 20);
    exchange(0xEC); // OUT_Z, pointer moves
    EXPECT_EQ(exchange(0), 0x00U);
    EXPECT_EQ(exchange(0), 0x40U) << "1 g is 16384";
}

INSTANTIATE_TEST_SUITE_P(Layouts, Spi,
                         testing::Values(SpiRow{"stm32f407-disco", 0, 0x30}, SpiRow{"nucleo-l4r5zi", 0x1700, 0x4C}),
                         [](const auto& parameter) { return parameter.param.cr2 == 0 ? "v1" : "v2"; });

TEST(SpiV3, CountedTransfer) {
    const BoardDesc board = with("nucleo-h7a3zi-q", {{"SPI1", "", "lis3dh", ""}});
    FakeMachine machine(board);
    machine.store("SPI1", 0x08, 7U | 1U << 28);       // CFG1: 8 bits, clock / 4
    machine.store("SPI1", 0x0C, 1U << 22 | 1U << 26); // CFG2: master, software select
    machine.store("SPI1", 0x04, 2);                   // TSIZE
    machine.store("SPI1", 0x10, 1U << 3);             // IER: EOT
    machine.store("SPI1", 0x00, 1U);
    machine.store("SPI1", 0x00, 1U | 1U << 9 | 1U << 12);
    machine.store("SPI1", 0x20, 0x8F, 1);
    machine.store("SPI1", 0x20, 0x00, 1);
    EXPECT_EQ(machine.load("SPI1", 0x14) & 2U, 0U) << "TXP: no more than TSIZE is wanted";
    machine.advanceUntil([&] { return machine.irq(machine.irqOf("SPI1")); }, 100'000);
    EXPECT_NE(machine.load("SPI1", 0x14) & 8U, 0U) << "EOT";
    EXPECT_EQ(machine.load("SPI1", 0x30, 1), 0xFFU);
    EXPECT_EQ(machine.load("SPI1", 0x30, 1), 0x33U);
    machine.store("SPI1", 0x18, 8U);
    EXPECT_FALSE(machine.irq(machine.irqOf("SPI1")));
}

class I2cV1 : public testing::Test {
protected:
    const BoardDesc board = with("stm32f407-disco", {{"I2C1", "0x5F", "hts221", ""}});
    FakeMachine machine{board};
    void SetUp() override {
        machine.store("I2C1", 0x04, 16);
        machine.store("I2C1", 0x1C, 80); // 100 kHz of 16 MHz
        machine.store("I2C1", 0x00, 1);
    }
    Cycles until(std::uint32_t flag) {
        return machine.advanceUntil([&] { return (machine.load("I2C1", 0x14) & flag) != 0; }, 100'000);
    }
    void start(std::uint32_t address) {
        machine.setBits("I2C1", 0x00, 1U << 8);
        until(1U);
        machine.store("I2C1", 0x10, address);
        EXPECT_EQ(until(1U << 1 | 1U << 10), 9 * 160U);
    }
};

TEST_F(I2cV1, ReadsTwoRegisters) {
    start(0x5F << 1);
    (void)machine.load("I2C1", 0x18); // SR1 was read: ADDR goes
    EXPECT_EQ(machine.load("I2C1", 0x14), 1U << 7);
    machine.store("I2C1", 0x10, 0x8F);
    until(1U << 2); // BTF
    machine.setBits("I2C1", 0x00, 1U << 10);
    start(0x5F << 1 | 1U);
    (void)machine.load("I2C1", 0x14);
    (void)machine.load("I2C1", 0x18);
    until(1U << 6);                            // RXNE
    machine.store("I2C1", 0x00, 1U | 1U << 9); // the next byte is the last
    EXPECT_EQ(machine.load("I2C1", 0x10), 0xBCU);
    until(1U << 6);
    EXPECT_EQ(machine.load("I2C1", 0x10), 0x1BU) << "AV_CONF";
    machine.advance(1000);
    EXPECT_EQ(machine.load("I2C1", 0x18), 0U) << "the bus is free";
    EXPECT_EQ(machine.load("I2C1", 0x00), 1U) << "STOP was sent";
}

TEST_F(I2cV1, NobodyAnswers) {
    machine.setBits("I2C1", 0x04, 1U << 8); // ITERREN
    start(0x20 << 1);
    EXPECT_EQ(machine.load("I2C1", 0x14), 1U << 10);
    EXPECT_TRUE(machine.irq(machine.irqOf("I2C1", "er")));
    machine.store("I2C1", 0x14, 0);
    EXPECT_FALSE(machine.irq(machine.irqOf("I2C1", "er")));
}

TEST(Pins, AreDrivenByTheBoard) {
    BoardDesc board = *findBoard("nucleo-l4r5zi");
    board.pins = {{"PC13", true}, {"PA0", false}};
    FakeMachine machine(board);
    machine.store("GPIOC", 0x00, 0);
    machine.store("GPIOA", 0x00, 0);
    machine.store("GPIOA", 0x0C, 1); // a pull-up loses
    EXPECT_EQ(machine.load("GPIOC", 0x10), 1U << 13);
    EXPECT_EQ(machine.load("GPIOA", 0x10) & 1U, 0U);
}

} // namespace
} // namespace simprof::test
