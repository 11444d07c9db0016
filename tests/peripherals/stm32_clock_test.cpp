// SPDX-License-Identifier: GPL-2.0-or-later
// Clock controllers: what the boards' own start-up code writes, the ready bits it waits for, and the clocks that come
// out.
#include "fake_machine.h"

#include "peripherals/clock_tree.h"

#include <gmock/gmock.h>

namespace simprof::test {
namespace {

/// One access of start-up code: a store, or a wait for bits.
struct Access {
    enum Kind { Write, SetBits, Await } kind;
    const char* device;
    std::uint32_t offset;
    std::uint32_t value;
    std::uint32_t mask = 0xFFFFFFFF; ///< of Await
};
constexpr auto W = Access::Write;
constexpr auto S = Access::SetBits;
constexpr auto A = Access::Await;

struct ClockRow {
    const char* name;
    const char* board;
    std::vector<Access> accesses;
    std::vector<std::pair<const char*, Hertz>> clocks;
};

class BoardClocks : public testing::TestWithParam<ClockRow> {};

TEST_P(BoardClocks, StartUpReachesTheClock) {
    FakeMachine machine(GetParam().board);
    for (const Access& access : GetParam().accesses) {
        if (access.kind == Access::Write) {
            machine.store(access.device, access.offset, access.value);
        } else if (access.kind == Access::SetBits) {
            machine.setBits(access.device, access.offset, access.value);
        } else {
            machine.advanceUntil(
                [&] { return (machine.load(access.device, access.offset) & access.mask) == access.value; }, 100'000);
            EXPECT_EQ(machine.load(access.device, access.offset) & access.mask, access.value)
                << access.device << std::hex << " " << access.offset;
        }
    }
    EXPECT_EQ(machine.coreClock(), GetParam().clocks.front().second);
    ClockTree* tree = clockTree(machine);
    ASSERT_NE(tree, nullptr);
    for (const auto& [line, hertz] : GetParam().clocks) {
        EXPECT_EQ(tree->frequency(line), hertz) << line;
    }
    EXPECT_THAT(machine.events, testing::IsEmpty());
}

const ClockRow kClockRows[] = {
    // RM0432 6.4: MSI 4 MHz * 60 / 2, AHB halved during the step.
    {"L4R5fromMsi",
     "nucleo-l4r5zi",
     {{A, "RCC", 0x00, 0x63},
      {W, "FLASH", 0x00, 0x705},
      {A, "FLASH", 0x00, 5, 0xF},
      {S, "RCC", 0x58, 1U << 28},
      {A, "PWR", 0x14, 0, 1U << 10},
      {W, "PWR", 0x80, 0},
      {S, "RCC", 0x00, 8},
      {A, "RCC", 0x00, 2, 2},
      {W, "RCC", 0x0C, 0x10003C01},
      {S, "RCC", 0x00, 1U << 24},
      {S, "RCC", 0x0C, 1U << 24},
      {A, "RCC", 0x00, 1U << 25, 1U << 25},
      {W, "RCC", 0x08, 0x83},
      {A, "RCC", 0x08, 0xC, 0xC},
      {W, "RCC", 0x08, 0x03}},
     {{"HCLK", 120'000'000}, {"PCLK1", 120'000'000}, {"TIMPCLK1", 120'000'000}, {"LPUART1", 120'000'000}}},
    {"L4R5fromHsiWithSlowBuses",
     "nucleo-l4r5zi",
     {{S, "RCC", 0x00, 1U << 8},
      {A, "RCC", 0x00, 1U << 10, 1U << 10},
      {W, "RCC", 0x0C, 0x11001E12},
      {S, "RCC", 0x00, 1U << 24},
      {A, "RCC", 0x00, 1U << 25, 1U << 25},
      {W, "FLASH", 0x00, 0x605},
      {W, "RCC", 0x08, 0x3F03},
      {A, "RCC", 0x08, 0xC, 0xC}},
     {{"HCLK", 120'000'000},
      {"PCLK1", 7'500'000},
      {"PCLK2", 7'500'000},
      {"TIMPCLK1", 15'000'000},
      {"LPUART1", 7'500'000}}},
    // RM0385 5.3: HSI / 8 * 216 / 2 with over-drive.
    {"F746",
     "stm32f746g-disco",
     {{A, "RCC", 0x00, 0x83, 0xFF},
      {W, "FLASH", 0x00, 0x307},
      {A, "FLASH", 0x00, 7, 0xF},
      {S, "RCC", 0x40, 1U << 28},
      {W, "RCC", 0x04, 0x22003608},
      {S, "RCC", 0x00, 1U << 24},
      {A, "RCC", 0x00, 1U << 25, 1U << 25},
      {S, "PWR", 0x00, 1U << 16},
      {A, "PWR", 0x04, 1U << 16, 1U << 16},
      {S, "PWR", 0x00, 1U << 17},
      {A, "PWR", 0x04, 1U << 17, 1U << 17},
      {W, "RCC", 0x08, 0x940A},
      {A, "RCC", 0x08, 8, 0xC}},
     {{"HCLK", 216'000'000},
      {"PCLK1", 54'000'000},
      {"PCLK2", 108'000'000},
      {"TIMPCLK1", 108'000'000},
      {"USART1", 108'000'000}}},
    // RM0444 5.4: HSI16 * 8 / 2; SWS lies elsewhere than in the L4.
    {"G0B1",
     "nucleo-g0b1re",
     {{A, "RCC", 0x00, 0x500},
      {W, "FLASH", 0x00, 0x40702},
      {A, "FLASH", 0x00, 2, 7},
      {A, "PWR", 0x14, 0, 1U << 10},
      {W, "RCC", 0x0C, 0x32020802},
      {S, "RCC", 0x00, 1U << 24},
      {A, "RCC", 0x00, 1U << 25, 1U << 25},
      {W, "RCC", 0x08, 0x02},
      {A, "RCC", 0x08, 0x10, 0x38}},
     {{"HCLK", 64'000'000}, {"PCLK1", 64'000'000}, {"USART2", 64'000'000}}},
    // RM0455 8.7: HSI 64 MHz / 4 * 35 / 2.
    {"H7A3",
     "nucleo-h7a3zi-q",
     {{A, "RCC", 0x00, 4, 4},
      {W, "FLASH", 0x00, 0x17},
      {W, "PWR", 0x18, 0xE000},
      {A, "PWR", 0x18, 1U << 13, 1U << 13},
      {W, "RCC", 0x28, 0x02020040},
      {W, "RCC", 0x30, 0x01010222},
      {S, "RCC", 0x2C, 0x1FF0000},
      {S, "RCC", 0x00, 1U << 24},
      {A, "RCC", 0x00, 1U << 25, 1U << 25},
      {W, "RCC", 0x1C, 0x440},
      {W, "RCC", 0x20, 0x40},
      {W, "RCC", 0x10, 3},
      {A, "RCC", 0x10, 0x18, 0x38}},
     {{"HCLK", 280'000'000}, {"USART3", 140'000'000}}},
    // RM0090 7.3: HSE 8 MHz / 8 * 336 / 2.
    {"F407",
     "stm32f407-disco",
     {{S, "RCC", 0x00, 1U << 16},
      {A, "RCC", 0x00, 1U << 17, 1U << 17},
      {W, "FLASH", 0x00, 0x705},
      {W, "RCC", 0x04, 0x07405408},
      {S, "RCC", 0x00, 1U << 24},
      {A, "RCC", 0x00, 1U << 25, 1U << 25},
      {W, "RCC", 0x08, 0x9402},
      {A, "RCC", 0x08, 8, 0xC}},
     {{"HCLK", 168'000'000}, {"PCLK1", 42'000'000}, {"PCLK2", 84'000'000}, {"TIMPCLK1", 84'000'000}}},
    // RM0367 7.3: HSI16 without the PLL.
    {"L053",
     "nucleo-l053r8",
     {{S, "RCC", 0x00, 1U << 0}, {A, "RCC", 0x00, 1U << 2, 1U << 2}, {W, "RCC", 0x0C, 1}, {A, "RCC", 0x0C, 4, 0xC}},
     {{"HCLK", 16'000'000}, {"PCLK1", 16'000'000}}},
};

INSTANTIATE_TEST_SUITE_P(Stm32, BoardClocks, testing::ValuesIn(kClockRows),
                         [](const auto& parameter) { return parameter.param.name; });

TEST(Stm32Clock, ResetClocks) {
    const std::pair<const char*, Hertz> rows[] = {{"nucleo-l4r5zi", 4'000'000},  {"stm32f746g-disco", 16'000'000},
                                                  {"nucleo-g0b1re", 16'000'000}, {"nucleo-h7a3zi-q", 64'000'000},
                                                  {"portenta-h7", 64'000'000},   {"stm32f407-disco", 16'000'000}};
    for (const auto& [board, hertz] : rows) {
        FakeMachine machine(board);
        EXPECT_EQ(machine.coreClock(), hertz) << board;
        EXPECT_EQ(clockTree(machine)->frequency("HCLK"), hertz) << board;
    }
}

TEST(Stm32Clock, AnOscillatorTheBoardLacksNeverGetsReady) {
    FakeMachine machine("stm32f407-disco"); // no 32 kHz crystal
    machine.setBits("RCC", 0x70, 1);
    machine.advance(1'000'000);
    EXPECT_EQ(machine.load("RCC", 0x70) & 2, 0U);
}

TEST(Stm32Clock, APllOutOfRangeIsReported) {
    FakeMachine machine("nucleo-l4r5zi");
    machine.store("RCC", 0x0C, 0x01007F01); // 4 MHz * 127 = 508 MHz
    machine.setBits("RCC", 0x00, 1U << 24);
    EXPECT_THAT(machine.events, testing::Contains(testing::HasSubstr("VCO 508 MHz is outside 64 to 344 MHz")));
}

} // namespace
} // namespace simprof::test
