// SPDX-License-Identifier: GPL-2.0-or-later
// STM32G0B1RE: RM0444 section 2.2 (memory map and register boundaries), chapter 12 (vector table), DMAMUX chapter
// (request table).
#include "peripherals/mcus/mcus.h"

namespace simprof {
namespace {

// Name, type, base, size, interrupts, wiring.
const PeripheralRow kPeripherals[] = {
    // clang-format off
    {"TIM2", "stm32_tim", 0x40000000, 0x400, "15", "clock=TIMPCLK1 bits=32 channels=4 dma_up=DMAMUX1:31 dma_ch1=DMAMUX1:26 dma_ch2=DMAMUX1:27 dma_ch3=DMAMUX1:28 dma_ch4=DMAMUX1:29"},
    {"TIM3", "stm32_tim", 0x40000400, 0x400, "16", "clock=TIMPCLK1 channels=4 dma_up=DMAMUX1:37 dma_ch1=DMAMUX1:32 dma_ch2=DMAMUX1:33 dma_ch3=DMAMUX1:34 dma_ch4=DMAMUX1:35"},
    {"TIM4", "stm32_tim", 0x40000800, 0x400, "16", "clock=TIMPCLK1 channels=4 dma_up=DMAMUX1:73 dma_ch1=DMAMUX1:68 dma_ch2=DMAMUX1:69 dma_ch3=DMAMUX1:70 dma_ch4=DMAMUX1:71"},
    {"TIM6", "stm32_tim", 0x40001000, 0x400, "17", "clock=TIMPCLK1 channels=0 dma_up=DMAMUX1:38"},
    {"TIM7", "stm32_tim", 0x40001400, 0x400, "18", "clock=TIMPCLK1 channels=0 dma_up=DMAMUX1:39"},
    {"TIM14", "stm32_tim", 0x40002000, 0x400, "19", "clock=TIMPCLK1 channels=1"},
    {"RTC", "stm32_rtc", 0x40002800, 0x400, "wkup:2 alarm:2", "layout=v3"},
    {"WWDG", "stm32_wwdg", 0x40002C00, 0x400, "0", "clock=PCLK1"},
    {"IWDG", "stm32_iwdg", 0x40003000, 0x400, "", ""},
    {"SPI2", "stm32_spi_v2", 0x40003800, 0x400, "26", "clock=PCLK1 dma_rx=DMAMUX1:18 dma_tx=DMAMUX1:19"},
    {"SPI3", "stm32_spi_v2", 0x40003C00, 0x400, "26", "clock=PCLK1 dma_rx=DMAMUX1:66 dma_tx=DMAMUX1:67"},
    {"USART2", "stm32_usart_v2", 0x40004400, 0x400, "28", "clock=USART2 fifo=8 dma_rx=DMAMUX1:52 dma_tx=DMAMUX1:53"},
    {"USART3", "stm32_usart_v2", 0x40004800, 0x400, "29", "clock=USART3 fifo=8 dma_rx=DMAMUX1:54 dma_tx=DMAMUX1:55"},
    {"USART4", "stm32_usart_v2", 0x40004C00, 0x400, "29", "clock=USART4 dma_rx=DMAMUX1:56 dma_tx=DMAMUX1:57"},
    {"USART5", "stm32_usart_v2", 0x40005000, 0x400, "29", "clock=USART5 dma_rx=DMAMUX1:74 dma_tx=DMAMUX1:75"},
    {"I2C1", "stm32_i2c_v2", 0x40005400, 0x400, "23", "clock=I2C1 dma_rx=DMAMUX1:10 dma_tx=DMAMUX1:11"},
    {"I2C2", "stm32_i2c_v2", 0x40005800, 0x400, "24", "clock=I2C2 dma_rx=DMAMUX1:12 dma_tx=DMAMUX1:13"},
    {"USB_DRD_FS", "unmodelled", 0x40005C00, 0x400, "", ""},
    {"FDCAN1", "unmodelled", 0x40006400, 0x400, "", ""},
    {"FDCAN2", "unmodelled", 0x40006800, 0x400, "", ""},
    {"CRS", "unmodelled", 0x40006C00, 0x400, "4", ""},
    {"PWR", "stm32g0_pwr", 0x40007000, 0x400, "", ""},
    {"DAC1", "unmodelled", 0x40007400, 0x400, "", ""},
    {"CEC", "unmodelled", 0x40007800, 0x400, "30", ""},
    {"LPTIM1", "stm32_lptim", 0x40007C00, 0x400, "17", "clock=LPTIM1"},
    {"LPUART1", "stm32_usart_v2", 0x40008000, 0x400, "29", "clock=LPUART1 lp=1 fifo=8 dma_rx=DMAMUX1:14 dma_tx=DMAMUX1:15"},
    {"LPUART2", "stm32_usart_v2", 0x40008400, 0x400, "28", "clock=LPUART2 lp=1 fifo=8 dma_rx=DMAMUX1:64 dma_tx=DMAMUX1:65"},
    {"I2C3", "stm32_i2c_v2", 0x40008800, 0x400, "24", "clock=I2C3 dma_rx=DMAMUX1:62 dma_tx=DMAMUX1:63"},
    {"LPTIM2", "stm32_lptim", 0x40009400, 0x400, "18", "clock=LPTIM2"},
    {"UCPD1", "unmodelled", 0x4000A000, 0x400, "8", ""},
    {"UCPD2", "unmodelled", 0x4000A400, 0x400, "8", ""},
    {"TAMP", "unmodelled", 0x4000B000, 0x400, "2", ""},
    {"SYSCFG", "stm32_syscfg", 0x40010000, 0x400, "", "layout=g0"},
    {"ADC1", "stm32_adc_v2", 0x40012400, 0x400, "12", "clock=ADC layout=g0 trg=2:TIM2,3:TIM3,4:TIM15,5:TIM6,6:TIM4 dma=DMAMUX1:5"},
    {"TIM1", "stm32_tim", 0x40012C00, 0x400, "up:13 cc:14 brk:13 trg:13", "clock=TIMPCLK1 channels=4 dma_up=DMAMUX1:25 dma_ch1=DMAMUX1:20 dma_ch2=DMAMUX1:21 dma_ch3=DMAMUX1:22 dma_ch4=DMAMUX1:23"},
    {"SPI1", "stm32_spi_v2", 0x40013000, 0x400, "25", "clock=PCLK1 dma_rx=DMAMUX1:16 dma_tx=DMAMUX1:17"},
    {"USART1", "stm32_usart_v2", 0x40013800, 0x400, "27", "clock=USART1 fifo=8 dma_rx=DMAMUX1:50 dma_tx=DMAMUX1:51"},
    {"USART6", "stm32_usart_v2", 0x40013C00, 0x400, "29", "clock=USART6 dma_rx=DMAMUX1:76 dma_tx=DMAMUX1:77"},
    {"TIM15", "stm32_tim", 0x40014000, 0x400, "20", "clock=TIMPCLK1 channels=2 dma_up=DMAMUX1:43 dma_ch1=DMAMUX1:40 dma_ch2=DMAMUX1:41"},
    {"TIM16", "stm32_tim", 0x40014400, 0x400, "21", "clock=TIMPCLK1 channels=1 dma_up=DMAMUX1:46 dma_ch1=DMAMUX1:44"},
    {"TIM17", "stm32_tim", 0x40014800, 0x400, "22", "clock=TIMPCLK1 channels=1 dma_up=DMAMUX1:49 dma_ch1=DMAMUX1:47"},
    {"DBGMCU", "stm32_dbgmcu", 0x40015800, 0x400, "", ""},
    {"DMA1", "stm32_dma_channel", 0x40020000, 0x400, "1:9 2:10 3:10 4:10 5:10 6:10 7:10", "channels=7 mux=DMAMUX1 mux_first=0"},
    {"DMA2", "stm32_dma_channel", 0x40020400, 0x400, "1:10 2:10 3:10 4:10 5:10", "channels=5 mux=DMAMUX1 mux_first=7"},
    {"DMAMUX1", "stm32_dmamux", 0x40020800, 0x400, "", ""},
    {"RCC", "stm32g0_rcc", 0x40021000, 0x400, "4", ""},
    {"EXTI", "stm32_exti", 0x40021800, 0x400, "0:5 1:5 2:6 3:6 4:7 5:7 6:7 7:7 8:7 9:7 10:7 11:7 12:7 13:7 14:7 15:7 rtc:2", "layout=g0"},
    {"FLASH", "stm32g0_flash", 0x40022000, 0x400, "3", ""},
    {"CRC", "stm32_crc", 0x40023000, 0x400, "", "layout=v2"},
    {"GPIOA", "stm32_gpio", 0x50000000, 0x400, "", "port=A"},
    {"GPIOB", "stm32_gpio", 0x50000400, 0x400, "", "port=B"},
    {"GPIOC", "stm32_gpio", 0x50000800, 0x400, "", "port=C"},
    {"GPIOD", "stm32_gpio", 0x50000C00, 0x400, "", "port=D"},
    {"GPIOE", "stm32_gpio", 0x50001000, 0x400, "", "port=E"},
    {"GPIOF", "stm32_gpio", 0x50001400, 0x400, "", "port=F"},
    {"UID", "stm32_signature", 0x1FFF7500, 0x100, "", "uid=0x90 flash_size=0xE0 flash_kb=512"},
    // clang-format on
};

constexpr const char* kInterrupts =
    "WWDG PVD_VDDIO2 RTC_TAMP FLASH RCC_CRS EXTI0_1 EXTI2_3 EXTI4_15 USB_UCPD1_2 DMA1_Channel1 DMA1_Channel2_3 "
    "DMA1_Ch4_7_DMA2_Ch1_5_DMAMUX1_OVR ADC1_COMP TIM1_BRK_UP_TRG_COM TIM1_CC TIM2 TIM3_TIM4 TIM6_DAC_LPTIM1 "
    "TIM7_LPTIM2 TIM14 TIM15 TIM16_FDCAN_IT0 TIM17_FDCAN_IT1 I2C1 I2C2_3 SPI1 SPI2_3 USART1 USART2_LPUART2 "
    "USART3_4_5_6_LPUART1 CEC";

} // namespace

std::shared_ptr<const McuDesc> stm32g0b1re() {
    static const auto mcu = makeMcu({
        .name = "STM32G0B1RE",
        .family = McuFamily::Stm32G0,
        .core = {.kind = &kCortexM0Plus,
                 .mulCycles = 1,
                 .nvicPriorityBits = 2,
                 .irqCount = 31,
                 .mpuRegions = 8,
                 .ioPort = {0x50000000, 0x2000}},
        .resetClock = 16'000'000,
        .maxClock = 64'000'000,
        .memories =
            {
                {"flash", MemoryKind::Flash, {0x08000000, 512 * kKiB}, "stm32g0_flash", {}, {}},
                {"flash at 0", MemoryKind::Flash, {0x00000000, 512 * kKiB}, "stm32g0_flash", 0x08000000, {}},
                {"SRAM", MemoryKind::Sram, {0x20000000, 144 * kKiB}, "stm32_sram", {}, {}},
            },
        .peripherals = peripheralsFrom(kPeripherals, "RM0444 2.2 (memory map), 12 (interrupts)"),
        .irqNames = words(kInterrupts),
        .source = "RM0444 2.2 (memory map), 12 (interrupts); DS13560",
    });
    return mcu;
}

} // namespace simprof
