// SPDX-License-Identifier: GPL-2.0-or-later
// ADC of the three generations: a sequence by software, its time, its DMA request.
#include "fake_machine.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace simprof::test {
namespace {

/// A board with 0.825 V (a quarter of VDDA), then 1.65 V at channel 5 of ADC1.
class Adc : public testing::Test {
protected:
    static BoardDesc boardWith(const char* name) {
        const auto path = std::filesystem::path(testing::TempDir()) / (std::string("simprof-adc-") + name + ".csv");
        std::ofstream(path) << "volts\n0.825\n1.65\n3.3\n";
        BoardDesc board = *findBoard(name);
        board.sensors = {{"ADC1", "5", "analog", path.string()}};
        return board;
    }
};

TEST_F(Adc, V3ConvertsAtTheProgrammedClock) {
    const BoardDesc board = boardWith("nucleo-l4r5zi");
    FakeMachine machine(board);
    machine.store("ADC1", 0x308, 1U << 16);     // CKMODE: HCLK
    machine.store("ADC1", 0x08, 1U << 28);      // regulator
    machine.store("ADC1", 0x08, 1U << 28 | 1U); // ADEN
    EXPECT_EQ(machine.load("ADC1", 0x00) & 1U, 1U) << "ADRDY";
    machine.store("ADC1", 0x14, 2U << 15);                // channel 5: 12.5 clocks
    machine.store("ADC1", 0x30, 1U | 5U << 6 | 5U << 12); // two of channel 5
    machine.store("ADC1", 0x04, 1U << 2);                 // EOCIE
    machine.store("ADC1", 0x08, 1U << 28 | 1U | 1U << 2);
    EXPECT_EQ(machine.advanceUntil([&] { return machine.irq(machine.irqOf("ADC1")); }, 1000), 25U);
    EXPECT_EQ(machine.load("ADC1", 0x40), 1024U);
    EXPECT_FALSE(machine.irq(machine.irqOf("ADC1")));
    machine.advance(25);
    EXPECT_EQ(machine.load("ADC1", 0x00) & 0xCU, 0xCU) << "EOC and EOS";
    EXPECT_EQ(machine.load("ADC1", 0x40), 2048U);
    EXPECT_EQ(machine.load("ADC1", 0x08) & 4U, 0U) << "ADSTART";
}

TEST_F(Adc, V2ScansSelectedChannels) {
    const BoardDesc board = boardWith("nucleo-g0b1re");
    FakeMachine machine(board);
    machine.store("ADC1", 0x10, 3U << 30); // PCLK
    machine.store("ADC1", 0x08, 1U);
    machine.store("ADC1", 0x28, 1U << 5 | 1U << 13); // and VREFINT
    EXPECT_NE(machine.load("ADC1", 0x00) & 1U << 13, 0U) << "CCRDY";
    machine.store("ADC1", 0x08, 1U | 1U << 2);
    machine.advance(14); // 1.5 + 12.5
    EXPECT_EQ(machine.load("ADC1", 0x40), 1024U);
    machine.advance(14);
    EXPECT_EQ(machine.load("ADC1", 0x40), 1504U) << "1.212 V of 3.3";
    EXPECT_NE(machine.load("ADC1", 0x00) & 8U, 0U);
}

TEST_F(Adc, V2FullScaleAndOverrun) {
    const BoardDesc board = boardWith("nucleo-l053r8");
    FakeMachine machine(board);
    machine.store("ADC1", 0x10, 3U << 30);
    machine.store("ADC1", 0x0C, 1U << 13); // CONT
    machine.store("ADC1", 0x08, 1U);
    machine.store("ADC1", 0x28, 1U << 5);
    machine.store("ADC1", 0x08, 1U | 1U << 2);
    machine.advance(14 * 4);
    EXPECT_NE(machine.load("ADC1", 0x00) & 16U, 0U) << "OVR";
    EXPECT_EQ(machine.load("ADC1", 0x40), 1024U) << "the first result stays";
    machine.advance(14);
    EXPECT_EQ(machine.load("ADC1", 0x40), 4095U);
}

TEST_F(Adc, V1BySoftwareAndDma) {
    const BoardDesc board = boardWith("stm32f407-disco");
    FakeMachine machine(board);
    machine.store("DMA2", 0x14, 2); // stream 0, channel 0: two items
    machine.store("DMA2", 0x18, 0x4001204C);
    machine.store("DMA2", 0x1C, 0x20000100);
    machine.store("DMA2", 0x10, 1U << 11 | 1U << 13 | 1U << 10 | 1U); // halfwords, MINC, EN
    machine.store("ADC_COMMON", 0x04, 1U << 16);                      // PCLK2 / 4
    machine.store("ADC1", 0x34, 5);
    machine.store("ADC1", 0x08, 1U | 1U << 1 | 1U << 8 | 1U << 9); // ADON, CONT, DMA, DDS
    machine.store("ADC1", 0x08, 1U | 1U << 1 | 1U << 8 | 1U << 9 | 1U << 30);
    machine.advance(2 * 15 * 4 + 20); // 3 + 12 clocks each
    EXPECT_EQ(machine.memory(0x20000100) | machine.memory(0x20000101) << 8, 1024);
    EXPECT_EQ(machine.memory(0x20000102) | machine.memory(0x20000103) << 8, 2048);
}

/// TIM6's update triggers one conversion each, as sampling firmware has it.
TEST_F(Adc, TimersTriggerConversions) {
    struct Row {
        const char* board;
        std::uint32_t select, start; ///< bits of CFGR or CR2, of CR
    };
    for (const Row& row :
         {Row{"nucleo-l4r5zi", 13U << 6 | 1U << 10, 1U << 28 | 5U}, Row{"nucleo-g0b1re", 5U << 6 | 1U << 10, 5U}}) {
        const BoardDesc board = boardWith(row.board);
        FakeMachine machine(board);
        machine.store("ADC1", 0x308, 1U << 16);
        machine.store("ADC1", 0x10, std::string_view(row.board) == "nucleo-g0b1re" ? 3U << 30 : 0);
        machine.store("ADC1", 0x08, row.start & ~4U);
        machine.store("ADC1", 0x0C, row.select);
        machine.store("ADC1", 0x28, 1U << 5);
        machine.store("ADC1", 0x30, 5U << 6);
        machine.store("TIM6", 0x04, 2U << 4); // MMS: update
        machine.store("TIM6", 0x2C, 999);
        machine.store("ADC1", 0x08, row.start);
        machine.store("TIM6", 0x00, 1);
        machine.advance(990);
        EXPECT_EQ(machine.load("ADC1", 0x00) & 4U, 0U) << row.board;
        machine.advance(60);
        EXPECT_NE(machine.load("ADC1", 0x00) & 4U, 0U) << row.board;
        EXPECT_EQ(machine.load("ADC1", 0x40), 1024U);
        machine.advance(1000);
        EXPECT_EQ(machine.load("ADC1", 0x40), 2048U);
        EXPECT_NE(machine.load("ADC1", 0x08) & 4U, 0U) << "ADSTART stays";
    }
}

TEST(Lptim, CountsAndWakes) {
    FakeMachine machine("nucleo-l4r5zi");
    machine.store("RCC", 0x90, 1U);         // LSE
    machine.store("RCC", 0x88, 3U << 18);   // LPTIM1 by LSE
    machine.store("LPTIM1", 0x0C, 2U << 9); // / 4
    machine.store("LPTIM1", 0x08, 2U);      // ARRMIE
    machine.store("LPTIM1", 0x18, 5);
    EXPECT_EQ(machine.load("LPTIM1", 0x18), 1U) << "ARR is written while enabled only";
    machine.store("LPTIM1", 0x10, 1U);
    machine.store("LPTIM1", 0x18, 8191); // a second
    EXPECT_NE(machine.load("LPTIM1", 0x00) & 16U, 0U) << "ARROK";
    machine.store("LPTIM1", 0x10, 5U); // continuous
    machine.advance(machine.coreClock() / 2);
    EXPECT_NEAR(machine.load("LPTIM1", 0x1C), 4096, 1);
    EXPECT_FALSE(machine.irq(machine.irqOf("LPTIM1")));
    machine.advance(machine.coreClock() / 2);
    EXPECT_TRUE(machine.irq(machine.irqOf("LPTIM1")));
    machine.store("LPTIM1", 0x04, 2U);
    EXPECT_FALSE(machine.irq(machine.irqOf("LPTIM1")));
    machine.advance(machine.coreClock());
    EXPECT_TRUE(machine.irq(machine.irqOf("LPTIM1"))) << "again and again";
}

TEST(StopMode, LowSpeedGoesOnAndTheCoreWakesOnItsOscillator) {
    FakeMachine machine("stm32f407-disco");
    machine.setBits("RCC", 0x00, 1U << 16); // HSE
    machine.store("RCC", 0x08, 1);
    EXPECT_EQ(machine.coreClock(), 8'000'000U);
    machine.store("TIM6", 0x28, 0);
    machine.store("TIM6", 0x00, 1);
    machine.advance(100);
    const std::uint32_t count = machine.load("TIM6", 0x24);
    machine.peripheral("RCC")->deepSleep(true);
    machine.advance(1000);
    EXPECT_EQ(machine.load("TIM6", 0x24), count) << "without a clock a timer stands";
    machine.peripheral("RCC")->deepSleep(false);
    EXPECT_EQ(machine.coreClock(), 16'000'000U);
    EXPECT_EQ(machine.load("RCC", 0x08) & 0xFU, 0U) << "SW and SWS are HSI";
    EXPECT_EQ(machine.load("RCC", 0x00) & (1U << 16), 0U) << "HSE is off";
    machine.advance(100);
    EXPECT_EQ(machine.load("TIM6", 0x24), count + 100);
}

TEST(Events, LockedFlashAndWatchdogsAreReported) {
    FakeMachine machine("nucleo-l4r5zi");
    machine.store("FLASH", 0x14, 1); // CR: PG while locked
    EXPECT_THAT(machine.events, testing::ElementsAre(testing::HasSubstr("locked")));
    machine.store("IWDG", 0x00, 0xCCCC);
    machine.advance(machine.coreClock());
    EXPECT_THAT(machine.resets, testing::ElementsAre(testing::HasSubstr("IWDG")));
}

} // namespace
} // namespace simprof::test
