// SPDX-License-Identifier: GPL-2.0-or-later
// STM32L053R8: RM0367 section 2.2 (memory map and register boundaries), chapter 12 (vector table), section 11.3 (DMA
// requests).
#include "peripherals/mcus/mcus.h"

namespace simprof {
namespace {

// Name, type, base, size, interrupts, wiring.
const PeripheralRow kPeripherals[] = {
    // clang-format off
    {"TIM2", "stm32_tim", 0x40000000, 0x400, "15", "clock=TIMPCLK1 channels=4 dma_up=DMA1:2.8"},
    {"TIM6", "stm32_tim", 0x40001000, 0x400, "17", "clock=TIMPCLK1 channels=0 dma_up=DMA1:2.9"},
    {"LCD", "unmodelled", 0x40002400, 0x400, "30", ""},
    {"RTC", "stm32_rtc", 0x40002800, 0x400, "wkup:2 alarm:2", "layout=v2"},
    {"WWDG", "stm32_wwdg", 0x40002C00, 0x400, "0", "clock=PCLK1"},
    {"IWDG", "stm32_iwdg", 0x40003000, 0x400, "", ""},
    {"SPI2", "stm32_spi_v1", 0x40003800, 0x400, "26", "clock=PCLK1 dma_rx=DMA1:4.2,DMA1:6.2 dma_tx=DMA1:5.2,DMA1:7.2"},
    {"USART2", "stm32_usart_v2", 0x40004400, 0x400, "28", "clock=USART2 dma_rx=DMA1:5.4,DMA1:6.4 dma_tx=DMA1:4.4,DMA1:7.4"},
    {"LPUART1", "stm32_usart_v2", 0x40004800, 0x400, "29", "clock=LPUART1 lp=1 dma_rx=DMA1:3.5,DMA1:6.5 dma_tx=DMA1:2.5,DMA1:7.5"},
    {"I2C1", "stm32_i2c_v2", 0x40005400, 0x400, "23", "clock=I2C1 dma_rx=DMA1:3.6,DMA1:7.6 dma_tx=DMA1:2.6,DMA1:6.6"},
    {"I2C2", "stm32_i2c_v2", 0x40005800, 0x400, "24", "clock=I2C2 dma_rx=DMA1:5.7 dma_tx=DMA1:4.7"},
    {"USB", "unmodelled", 0x40005C00, 0x400, "31", ""},
    {"CRS", "unmodelled", 0x40006C00, 0x400, "4", ""},
    {"PWR", "stm32l0_pwr", 0x40007000, 0x400, "", ""},
    {"DAC1", "unmodelled", 0x40007400, 0x400, "", ""},
    {"LPTIM1", "stm32_lptim", 0x40007C00, 0x400, "13", "clock=LPTIM1"},
    {"SYSCFG", "stm32_syscfg", 0x40010000, 0x400, "", "layout=l0"},
    {"EXTI", "stm32_exti", 0x40010400, 0x400, "0:5 1:5 2:6 3:6 4:7 5:7 6:7 7:7 8:7 9:7 10:7 11:7 12:7 13:7 14:7 15:7 rtc:2", "layout=l0"},
    {"TIM21", "stm32_tim", 0x40010800, 0x400, "20", "clock=TIMPCLK2 channels=2"},
    {"TIM22", "stm32_tim", 0x40011400, 0x400, "22", "clock=TIMPCLK2 channels=2"},
    {"FIREWALL", "unmodelled", 0x40011C00, 0x400, "", ""},
    {"ADC1", "stm32_adc_v2", 0x40012400, 0x400, "12", "clock=ADC layout=l0 trg=0:TIM6,2:TIM2,4:TIM22 dma=DMA1:1.0,DMA1:2.0"},
    {"SPI1", "stm32_spi_v1", 0x40013000, 0x400, "25", "clock=PCLK2 dma_rx=DMA1:2.1 dma_tx=DMA1:3.1"},
    {"USART1", "stm32_usart_v2", 0x40013800, 0x400, "27", "clock=USART1 dma_rx=DMA1:3.3,DMA1:5.3 dma_tx=DMA1:2.3,DMA1:4.3"},
    {"DBGMCU", "stm32_dbgmcu", 0x40015800, 0x400, "", ""},
    {"DMA1", "stm32_dma_channel", 0x40020000, 0x400, "1:9 2:10 3:10 4:11 5:11 6:11 7:11", "channels=7"},
    {"RCC", "stm32l0_rcc", 0x40021000, 0x400, "4", ""},
    {"FLASH", "stm32l0_flash", 0x40022000, 0x400, "3", ""},
    {"CRC", "stm32_crc", 0x40023000, 0x400, "", "layout=v2"},
    {"TSC", "unmodelled", 0x40024000, 0x400, "8", ""},
    {"RNG", "stm32_rng", 0x40025000, 0x400, "29", "clock=RNG"},
    {"GPIOA", "stm32_gpio", 0x50000000, 0x400, "", "port=A"},
    {"GPIOB", "stm32_gpio", 0x50000400, 0x400, "", "port=B"},
    {"GPIOC", "stm32_gpio", 0x50000800, 0x400, "", "port=C"},
    {"GPIOD", "stm32_gpio", 0x50000C00, 0x400, "", "port=D"},
    {"GPIOH", "stm32_gpio", 0x50001C00, 0x400, "", "port=H"},
    {"UID", "stm32_signature", 0x1FF80000, 0x100, "", "uid=0x50 flash_size=0x7C flash_kb=64"},
    // clang-format on
};

constexpr const char* kInterrupts =
    "WWDG PVD RTC FLASH RCC_CRS EXTI0_1 EXTI2_3 EXTI4_15 TSC DMA1_Channel1 DMA1_Channel2_3 DMA1_Channel4_5_6_7 "
    "ADC1_COMP LPTIM1 - TIM2 - TIM6_DAC - - TIM21 - TIM22 I2C1 I2C2 SPI1 SPI2 USART1 USART2 RNG_LPUART1 LCD "
    "USB";

} // namespace

std::shared_ptr<const McuDesc> stm32l053r8() {
    static const auto mcu = makeMcu({
        .name = "STM32L053R8",
        .family = McuFamily::Stm32L0,
        .core = {.kind = &kCortexM0Plus,
                 .mulCycles = 1,
                 .nvicPriorityBits = 2,
                 .irqCount = 32,
                 .mpuRegions = 8,
                 .ioPort = {0x50000000, 0x2000}},
        .resetClock = 2'097'152,
        .maxClock = 32'000'000,
        .memories =
            {
                {"flash", MemoryKind::Flash, {0x08000000, 64 * kKiB}, "stm32l0_flash", {}, {}},
                {"flash at 0", MemoryKind::Flash, {0x00000000, 64 * kKiB}, "stm32l0_flash", 0x08000000, {}},
                {"data EEPROM", MemoryKind::Flash, {0x08080000, 2 * kKiB}, "stm32l0_flash", {}, {}},
                {"SRAM", MemoryKind::Sram, {0x20000000, 8 * kKiB}, "stm32_sram", {}, {}},
            },
        .peripherals = peripheralsFrom(kPeripherals, "RM0367 2.2 (memory map), 12 (interrupts)"),
        .irqNames = words(kInterrupts),
        .source = "RM0367 2.2 (memory map), 12 (interrupts); DS10152",
    });
    return mcu;
}

} // namespace simprof
