// SPDX-License-Identifier: GPL-2.0-or-later
// Adding a microcontroller of a known family, or a board, takes one literal each: these two are in no list.
#include "fake_machine.h"

#include "peripherals/boards/board_file.h"
#include "peripherals/mcus/mcus.h"

#include <fmt/format.h>

namespace simprof::test {
namespace {

const PeripheralRow kPeripherals[] = {
    {"USART2", "stm32_usart_v2", 0x40004400, 0x400, "28", "clock=USART2 fifo=8"},
    {"RCC", "stm32g0_rcc", 0x40021000, 0x400, "4", ""},
    {"EXTI", "stm32_exti", 0x40021800, 0x400, "0:5 1:5", "layout=g0"},
    {"FLASH", "stm32g0_flash", 0x40022000, 0x400, "3", ""},
    {"GPIOA", "stm32_gpio", 0x50000000, 0x400, "", "port=A"},
};

std::shared_ptr<const McuDesc> toyMcu(McuFamily family) {
    return makeMcu({
        .name = "TOYG0",
        .family = family,
        .core = {.kind = &kCortexM0Plus, .nvicPriorityBits = 2, .irqCount = 31, .mpuRegions = 8},
        .resetClock = 16'000'000,
        .maxClock = 64'000'000,
        .memories =
            {
                {"flash", MemoryKind::Flash, {0x08000000, 64 * kKiB}, "stm32g0_flash", {}, {}},
                {"SRAM", MemoryKind::Sram, {0x20000000, 8 * kKiB}, "stm32_sram", {}, {}},
            },
        .peripherals = peripheralsFrom(kPeripherals, "none"),
        .irqNames = {},
        .source = "none",
    });
}

BoardDesc toyBoard(McuFamily family = McuFamily::Stm32G0) {
    return {
        .name = "toy",
        .title = "TOY",
        .mcu = toyMcu(family),
        .oscillators = {},
        .console = "USART2",
        .supplies = {},
        .vectorTable = 0x08000000,
        .assumptions = {},
        .source = "none",
    };
}

TEST(ToyBoard, ItsDevicesAreThoseOfTheFamily) {
    FakeMachine toy(toyBoard());
    EXPECT_EQ(fmt::format("{:x} {:x} {:x}", toy.load("GPIOA", 0x00), toy.load("EXTI", 0x80), toy.load("FLASH", 0x00)),
              "ebffffff fff80000 40600"); // GPIOA_MODER, EXTI_IMR1 and FLASH_ACR at reset
}

TEST(ToyBoard, TheFamilyIsWhatDiffers) {
    FakeMachine toy(toyBoard(McuFamily::Stm32F4));
    EXPECT_EQ(toy.load("GPIOA", 0x00), 0xA8000000U);
}

TEST(ToyBoard, ItSurvivesTheWayThroughAFile) {
    const std::string text = writeBoard(toyBoard(), DataFormat::Toml, true);
    const auto read = readBoard(text, "toy.toml", DataFormat::Toml);
    EXPECT_EQ(read->mcu->family, McuFamily::Stm32G0);
    EXPECT_EQ(read->mcu->core.kind, &kCortexM0Plus);
    EXPECT_EQ(writeBoard(*read, DataFormat::Toml, true), text);
}

TEST(ToyBoard, AnImageThatABootRomStartsIsAFieldOfTheMcu) {
    const auto mcu = findMcu("RP2040");
    ASSERT_NE(mcu, nullptr);
    EXPECT_EQ(fmt::format("{:x} {:x}", mcu->imageStart.value_or(0), mcu->imageVectors.value_or(0)),
              "10000000 10000100");
    EXPECT_FALSE(findMcu("STM32L4R5ZI")->imageStart.has_value());
}

} // namespace
} // namespace simprof::test
