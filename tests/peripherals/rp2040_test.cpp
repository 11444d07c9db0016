// SPDX-License-Identifier: GPL-2.0-or-later
// RP2040: aliases, clocks, timer, and the single-cycle I/O block with divider, spinlocks and interpolators (data
// sheet 2.1, 2.3, 2.15 to 2.18, 4.6).
#include "fake_machine.h"

#include "peripherals/clock_tree.h"
#include "peripherals/rp2040/rp2040_flash.h"

namespace simprof::test {
namespace {

constexpr const char* kPico = "raspberry-pi-pico";
constexpr std::uint32_t kXor = 0x1000, kSet = 0x2000, kClear = 0x3000;

TEST(Rp2040Aliases, ToggleSetAndClear) {
    FakeMachine machine(kPico);
    machine.store("WATCHDOG", 0x0C, 0x00FF);
    machine.store("WATCHDOG", 0x0C + kSet, 0xF000);
    EXPECT_EQ(machine.load("WATCHDOG", 0x0C), 0xF0FFU);
    machine.store("WATCHDOG", 0x0C + kClear, 0x00F0);
    EXPECT_EQ(machine.load("WATCHDOG", 0x0C), 0xF00FU);
    machine.store("WATCHDOG", 0x0C + kXor, 0xFFFF);
    EXPECT_EQ(machine.load("WATCHDOG", 0x0C), 0x0FF0U);
    machine.store("WATCHDOG", 0x0C, 0xAB, 1); // a byte reaches all four lanes (2.1.4)
    EXPECT_EQ(machine.load("WATCHDOG", 0x0C), 0xABABABABU);
}

TEST(Rp2040Aliases, OnEveryBlockOfTheBuses) {
    FakeMachine machine(kPico);
    for (const PeripheralDesc& desc : machine.board().mcu->peripherals) {
        if (desc.name != "SIO") { // 2.3.1: it has registers of its own for this
            EXPECT_EQ(desc.range.size, 0x4000U) << desc.name;
        }
    }
    for (const char* name : {"XIP_SSI", "USBCTRL_REGS", "PIO0", "DMA"}) {
        const std::uint32_t offset = name == std::string("XIP_SSI") ? 0x14 : 0x00; // BAUDR, the first register
        machine.store(name, offset, 0);
        machine.store(name, offset + kSet, 0x0100);
        EXPECT_EQ(machine.load(name, offset) & 0x0100, 0x0100U) << name;
        machine.store(name, offset + kXor, 0x0100);
        EXPECT_EQ(machine.load(name, offset) & 0x0100, 0U) << name;
    }
}

/// The chip select is driven by software while a command is sent, and status is read in between.
/// Who looks for a counter that nobody uses finds one by its selection after reset (2.1.5).
TEST(Rp2040Busctrl, CountersAreFreeAfterReset) {
    FakeMachine machine(kPico);
    EXPECT_EQ(machine.load("BUSCTRL", 0x0C), 0x1FU);
    EXPECT_EQ(machine.load("BUSCTRL", 0x24), 0x1FU);
    machine.store("BUSCTRL", 0x0C, 0xFFFFFF03);
    EXPECT_EQ(machine.load("BUSCTRL", 0x0C), 0x03U);
}

/// Settings of second stages, RP2040 data sheet 4.10.13: CTRLR0, SPI_CTRLR0, BAUDR.
TEST(Rp2040Ssi, ALineTakesCommandAddressWaitsAndData) {
    constexpr std::uint32_t kQuad = 2U << 21, kDual = 1U << 21, kWords = 31U << 16 | 3U << 8;
    const struct {
        SsiRead read;
        unsigned clocks;
    } cases[] = {
        {{kQuad | kWords, 0xA0U << 24 | 4U << 11 | 8U << 2 | 2, 2}, 56},  // continuous EBh at half: 2 x (8 + 4 + 16)
        {{kQuad | kWords, 0xA0U << 24 | 4U << 11 | 8U << 2 | 2, 4}, 112}, // at a quarter, the SDK's default
        {{kQuad | kWords, 4U << 11 | 2U << 8 | 8U << 2 | 1, 2}, 72},      // EBh with its command on one line: 8 more
        {{kDual | kWords, 0xBBU << 24 | 2U << 8 | 8U << 2 | 1, 4}, 224},  // BBh: 4 x (8 + 16 + 32)
        {{kWords, 3U << 24 | 2U << 8 | 6U << 2, 4}, 384},                 // 03h on one line: 4 x (8 + 24 + 64)
        {{kWords, 3U << 24 | 2U << 8 | 6U << 2, 5}, 384},                 // an odd divider is rounded down
        {{0, 0x3000000, 0}, 0},                                           // after reset: no clock
    };
    for (const auto& c : cases) {
        EXPECT_EQ(ssiLineClocks(c.read), c.clocks);
    }
}

TEST(Rp2040Ssi, TheCacheWaitsForAMissAsTheBusIsSetUp) {
    FakeMachine machine(kPico);
    machine.store("XIP_CTRL", 0x00, 3);
    EXPECT_EQ(machine.memorySettings["rp2040_xip"].waitStates, 56U) << "not set up: as most programs do";
    machine.store("XIP_SSI", 0x08, 0);
    machine.store("XIP_SSI", 0x00, 2U << 21 | 31U << 16 | 3U << 8);
    machine.store("XIP_SSI", 0xF4, 0xA0U << 24 | 4U << 11 | 8U << 2 | 2);
    machine.store("XIP_SSI", 0x14, 4);
    machine.store("XIP_SSI", 0x08, 1);
    EXPECT_EQ(machine.memorySettings["rp2040_xip"].waitStates, 112U);
    EXPECT_TRUE(machine.memorySettings["rp2040_xip"].icache);
    machine.store("XIP_CTRL", 0x00, 2);
    EXPECT_EQ(machine.memorySettings["rp2040_xip"].waitStates, 112U);
    EXPECT_FALSE(machine.memorySettings["rp2040_xip"].icache);
}

TEST(Rp2040Ssi, ProgramsTheFlashChip) {
    FakeMachine machine(kPico);
    const auto command = [&](const std::vector<std::uint32_t>& bytes) {
        machine.store("IO_QSPI", 0x0C, 2U << 8);
        std::vector<std::uint32_t> answers;
        for (const std::uint32_t byte : bytes) {
            machine.store("XIP_SSI", 0x60, byte);
            (void)machine.load("XIP_SSI", 0x28);
            answers.push_back(machine.load("XIP_SSI", 0x60));
        }
        machine.store("IO_QSPI", 0x0C, 3U << 8);
        return answers;
    };
    EXPECT_EQ(command({0x9F, 0, 0, 0}), (std::vector<std::uint32_t>{0, 0xEF, 0x40, 0x15}));
    for (Address address = 0x10000100; address < 0x10000110; ++address) {
        machine.memory(address) = 0xFF;
    }
    command({0x02, 0, 1, 0, 0x12}); // not enabled
    EXPECT_EQ(machine.memory(0x10000100), 0xFF);
    command({0x06});
    command({0x02, 0, 1, 0, 0x12, 0x34});
    EXPECT_EQ(machine.memory(0x10000100), 0x12);
    EXPECT_EQ(machine.memory(0x10000101), 0x34);
    EXPECT_EQ(command({0x03, 0, 1, 0, 0}).back(), 0x12U);
    command({0x06});
    command({0x20, 0, 1, 0});
    EXPECT_EQ(machine.memory(0x10000100), 0xFF);
}

struct RefusedRow {
    std::vector<std::uint8_t> flash; ///< its first bytes
    const char* why;
};

TEST(Rp2040BootRom, SaysWhyAnImageIsNotStarted) {
    const RefusedRow rows[] = {
        {{}, "no boot2, the first 256 bytes are empty"},
        {{0x00, 0x20, 0x04, 0x20, 0xC5, 0x01}, "a vector table stands in place of boot2"},
        {{0x00, 0xB5, 0x32, 0x4B, 0x21, 0x20}, "the CRC-32 of boot2 in flash is wrong"},
    };
    for (const RefusedRow& row : rows) {
        FakeMachine machine(kPico);
        for (std::size_t index = 0; index < row.flash.size(); ++index) {
            machine.memory(static_cast<Address>(0x10000000 + index)) = row.flash[index];
        }
        machine.store("SYSINFO", 0xFFC, 0x55534231);
        ASSERT_EQ(machine.events.size(), 2U);
        EXPECT_EQ(machine.events[0], std::string("boot ROM: ") + row.why);
        EXPECT_EQ(machine.events[1], "boot ROM: link boot2 with its CRC-32 to 0x10000000");
    }
    FakeMachine machine(kPico);
    machine.store("SYSINFO", 0xFFC, 0x55534232);
    ASSERT_EQ(machine.events.size(), 1U);
    EXPECT_NE(machine.events[0].find("asked for USB boot"), std::string::npos);
}

void startCrystal(FakeMachine& machine) {
    machine.store("XOSC", 0x0C, 47);
    machine.store("XOSC", 0x00, 0xFABAA0);
    machine.advanceUntil([&] { return machine.load("XOSC", 0x04) >> 31 != 0; }, 100'000);
}

TEST(Rp2040Clocks, CrystalPllAndDividers) {
    FakeMachine machine(kPico);
    startCrystal(machine);
    EXPECT_NEAR(static_cast<double>(machine.nowNanoseconds()), 47 * 256 / 12e6 * 1e9,
                300); // 2.16.3: STARTUP.DELAY * 256 periods
    machine.store("PLL_SYS", 0x00, 1);
    machine.store("PLL_SYS", 0x08, 133); // 12 MHz * 133 = 1596 MHz
    machine.store("PLL_SYS", 0x0C, 6U << 16 | 2U << 12);
    machine.store("PLL_SYS", 0x04 + kClear, 0x29);
    machine.advanceUntil([&] { return machine.load("PLL_SYS", 0x00) >> 31 != 0; }, 100'000);
    machine.store("CLOCKS", 0x30, 2); // clk_ref from the crystal
    EXPECT_EQ(machine.load("CLOCKS", 0x38), 1U << 2);
    machine.store("CLOCKS", 0x3C, 1); // clk_sys from its auxiliary source, PLL_SYS
    EXPECT_EQ(machine.coreClock(), 133'000'000U);
    machine.store("CLOCKS", 0x48, 1U << 11);
    ClockTree* tree = clockTree(machine);
    ASSERT_NE(tree, nullptr);
    EXPECT_EQ(tree->frequency("clk_peri"), 133'000'000U);
    EXPECT_EQ(tree->frequency("clk_ref"), 12'000'000U);
    EXPECT_TRUE(machine.events.empty());
}

TEST(Rp2040Clocks, AVcoOutOfRangeAndTooFastAClockAreReported) {
    FakeMachine machine(kPico);
    startCrystal(machine);
    machine.store("PLL_SYS", 0x00, 1);
    machine.store("PLL_SYS", 0x08, 200); // 2400 MHz
    machine.store("PLL_SYS", 0x0C, 6U << 16 | 2U << 12);
    machine.store("PLL_SYS", 0x04 + kClear, 0x29);
    machine.advance(10'000);
    machine.store("CLOCKS", 0x3C, 1);
    const std::vector<std::string> expected = {"PLL_SYS: VCO at 2400000000 Hz is outside 750 to 1600 MHz",
                                               "CLOCKS: clk_sys at 200000000 Hz is above 133 MHz"};
    EXPECT_EQ(machine.events, expected);
}

TEST(Rp2040Timer, CountsMicrosecondsAndRingsItsAlarm) {
    FakeMachine machine(kPico);
    startCrystal(machine);
    machine.store("CLOCKS", 0x30, 2);
    machine.store("WATCHDOG", 0x2C, 1U << 9 | 12); // 12 MHz / 12
    const std::uint64_t start = machine.nowNanoseconds();
    const std::uint32_t first = machine.load("TIMER", 0x28);
    machine.store("TIMER", 0x38, 2);
    machine.store("TIMER", 0x14, first + 500);
    EXPECT_EQ(machine.load("TIMER", 0x20), 2U); // armed
    machine.advanceUntil([&] { return machine.irq(1); }, 1'000'000);
    EXPECT_NEAR(static_cast<double>(machine.nowNanoseconds() - start), 500e3, 1200);
    EXPECT_EQ(machine.load("TIMER", 0x20), 0U);
    machine.store("TIMER", 0x34, 2);
    EXPECT_FALSE(machine.irq(1));
}

struct DivisionRow {
    bool isSigned;
    std::uint32_t dividend, divisor, quotient, remainder;
};

/// 2.3.1.5: divisions by 0 give defined results.
TEST(Rp2040Sio, DividesInEightCycles) {
    const DivisionRow rows[] = {
        {false, 100, 7, 14, 2},
        {false, 0xFFFFFFFF, 2, 0x7FFFFFFF, 1},
        {false, 5, 0, 0xFFFFFFFF, 5},
        {true, static_cast<std::uint32_t>(-100), 7, static_cast<std::uint32_t>(-14), static_cast<std::uint32_t>(-2)},
        {true, 100, static_cast<std::uint32_t>(-7), static_cast<std::uint32_t>(-14), 2},
        {true, 0x80000000, 0xFFFFFFFF, 0x80000000, 0}, // the only overflow
        {true, 5, 0, 0xFFFFFFFF, 5},
        {true, static_cast<std::uint32_t>(-5), 0, 1, static_cast<std::uint32_t>(-5)},
    };
    for (const DivisionRow& row : rows) {
        FakeMachine machine(kPico);
        machine.store("SIO", row.isSigned ? 0x68 : 0x60, row.dividend);
        machine.store("SIO", row.isSigned ? 0x6C : 0x64, row.divisor);
        EXPECT_EQ(machine.load("SIO", 0x78), 2U); // dirty, not ready
        machine.advance(8);
        EXPECT_EQ(machine.load("SIO", 0x78), 3U);
        EXPECT_EQ(machine.load("SIO", 0x74), row.remainder) << row.dividend << " / " << row.divisor;
        EXPECT_EQ(machine.load("SIO", 0x70), row.quotient) << row.dividend << " / " << row.divisor;
        EXPECT_EQ(machine.load("SIO", 0x78), 1U); // reading the quotient cleans
    }
}

TEST(Rp2040Sio, SpinlocksAreTakenOnce) {
    FakeMachine machine(kPico);
    EXPECT_EQ(machine.load("SIO", 0x100 + 4 * 5), 1U << 5);
    EXPECT_EQ(machine.load("SIO", 0x100 + 4 * 5), 0U);
    EXPECT_EQ(machine.load("SIO", 0x5C), 1U << 5);
    machine.store("SIO", 0x100 + 4 * 5, 1);
    EXPECT_EQ(machine.load("SIO", 0x100 + 4 * 5), 1U << 5);
}

/// 2.3.1.6: a lane shifts, masks and adds its base; POP feeds the results back.
TEST(Rp2040Sio, InterpolatorsShiftMaskAndAdd) {
    FakeMachine machine(kPico);
    machine.store("SIO", 0x80 + 0x2C, 4U | 7U << 10);        // lane 0: shift by 4, bits 0 to 7
    machine.store("SIO", 0x80 + 0x30, 31U << 10 | 1U << 16); // lane 1: all bits of the other accumulator
    machine.store("SIO", 0x80 + 0x00, 0x12345);
    machine.store("SIO", 0x80 + 0x04, 7);
    machine.store("SIO", 0x80 + 0x08, 0x1000);             // BASE0
    machine.store("SIO", 0x80 + 0x0C, 1);                  // BASE1
    machine.store("SIO", 0x80 + 0x10, 0x100000);           // BASE2
    EXPECT_EQ(machine.load("SIO", 0x80 + 0x20), 0x1034U);  // PEEK_LANE0
    EXPECT_EQ(machine.load("SIO", 0x80 + 0x24), 0x12346U); // PEEK_LANE1
    EXPECT_EQ(machine.load("SIO", 0x80 + 0x28), 0x100000U + 0x34 + 0x12345);
    EXPECT_EQ(machine.load("SIO", 0x80 + 0x14), 0x1034U); // POP_LANE0
    EXPECT_EQ(machine.load("SIO", 0x80 + 0x00), 0x1034U);
    EXPECT_EQ(machine.load("SIO", 0x80 + 0x04), 0x12346U);
}

TEST(Rp2040Sio, TheSecondCoreIsReportedAsNotModelled) {
    FakeMachine machine(kPico);
    EXPECT_EQ(machine.load("SIO", 0x00), 0U); // CPUID: core 0
    machine.store("SIO", 0x54, 0);
    machine.store("SIO", 0x54, 1);
    ASSERT_EQ(machine.events.size(), 1U);
    EXPECT_NE(machine.events[0].find("second core, which is not modelled"), std::string::npos);
}

} // namespace
} // namespace simprof::test
