// SPDX-License-Identifier: GPL-2.0-or-later
// STM32L4R5ZI: RM0432 section 2.2 (memory map and register boundaries), chapter 17 (vector table), table 91 (DMAMUX
// requests).
#include "peripherals/mcus/mcus.h"

namespace simprof {
namespace {

// Name, type, base, size, interrupts, wiring.
const PeripheralRow kPeripherals[] = {
    // clang-format off
    {"TIM2", "stm32_tim", 0x40000000, 0x400, "28", "clock=TIMPCLK1 bits=32 channels=4 dma_up=DMAMUX1:60 dma_ch1=DMAMUX1:56 dma_ch2=DMAMUX1:57 dma_ch3=DMAMUX1:58 dma_ch4=DMAMUX1:59"},
    {"TIM3", "stm32_tim", 0x40000400, 0x400, "29", "clock=TIMPCLK1 channels=4 dma_up=DMAMUX1:65 dma_ch1=DMAMUX1:61 dma_ch2=DMAMUX1:62 dma_ch3=DMAMUX1:63 dma_ch4=DMAMUX1:64"},
    {"TIM4", "stm32_tim", 0x40000800, 0x400, "30", "clock=TIMPCLK1 channels=4 dma_up=DMAMUX1:71 dma_ch1=DMAMUX1:67 dma_ch2=DMAMUX1:68 dma_ch3=DMAMUX1:69 dma_ch4=DMAMUX1:70"},
    {"TIM5", "stm32_tim", 0x40000C00, 0x400, "50", "clock=TIMPCLK1 bits=32 channels=4 dma_up=DMAMUX1:76 dma_ch1=DMAMUX1:72 dma_ch2=DMAMUX1:73 dma_ch3=DMAMUX1:74 dma_ch4=DMAMUX1:75"},
    {"TIM6", "stm32_tim", 0x40001000, 0x400, "54", "clock=TIMPCLK1 channels=0 dma_up=DMAMUX1:8"},
    {"TIM7", "stm32_tim", 0x40001400, 0x400, "55", "clock=TIMPCLK1 channels=0 dma_up=DMAMUX1:9"},
    {"RTC", "stm32_rtc", 0x40002800, 0x400, "wkup:3 alarm:41", "layout=v2"},
    {"WWDG", "stm32_wwdg", 0x40002C00, 0x400, "0", "clock=PCLK1"},
    {"IWDG", "stm32_iwdg", 0x40003000, 0x400, "", ""},
    {"SPI2", "stm32_spi_v2", 0x40003800, 0x400, "36", "clock=PCLK1 dma_rx=DMAMUX1:12 dma_tx=DMAMUX1:13"},
    {"SPI3", "stm32_spi_v2", 0x40003C00, 0x400, "51", "clock=PCLK1 dma_rx=DMAMUX1:14 dma_tx=DMAMUX1:15"},
    {"USART2", "stm32_usart_v2", 0x40004400, 0x400, "38", "clock=USART2 fifo=8 dma_rx=DMAMUX1:26 dma_tx=DMAMUX1:27"},
    {"USART3", "stm32_usart_v2", 0x40004800, 0x400, "39", "clock=USART3 fifo=8 dma_rx=DMAMUX1:28 dma_tx=DMAMUX1:29"},
    {"UART4", "stm32_usart_v2", 0x40004C00, 0x400, "52", "clock=UART4 fifo=8 dma_rx=DMAMUX1:30 dma_tx=DMAMUX1:31"},
    {"UART5", "stm32_usart_v2", 0x40005000, 0x400, "53", "clock=UART5 fifo=8 dma_rx=DMAMUX1:32 dma_tx=DMAMUX1:33"},
    {"I2C1", "stm32_i2c_v2", 0x40005400, 0x400, "ev:31 er:32", "clock=I2C1 dma_rx=DMAMUX1:16 dma_tx=DMAMUX1:17"},
    {"I2C2", "stm32_i2c_v2", 0x40005800, 0x400, "ev:33 er:34", "clock=I2C2 dma_rx=DMAMUX1:18 dma_tx=DMAMUX1:19"},
    {"I2C3", "stm32_i2c_v2", 0x40005C00, 0x400, "ev:72 er:73", "clock=I2C3 dma_rx=DMAMUX1:20 dma_tx=DMAMUX1:21"},
    {"CRS", "unmodelled", 0x40006000, 0x400, "82", ""},
    {"CAN", "unmodelled", 0x40006400, 0x400, "", ""},
    {"PWR", "stm32l4_pwr", 0x40007000, 0x400, "", ""},
    {"DAC1", "unmodelled", 0x40007400, 0x400, "", ""},
    {"LPTIM1", "stm32_lptim", 0x40007C00, 0x400, "65", "clock=LPTIM1"},
    {"LPUART1", "stm32_usart_v2", 0x40008000, 0x400, "70", "clock=LPUART1 lp=1 fifo=8 dma_rx=DMAMUX1:34 dma_tx=DMAMUX1:35"},
    {"I2C4", "stm32_i2c_v2", 0x40008400, 0x400, "ev:84 er:83", "clock=I2C4 dma_rx=DMAMUX1:22 dma_tx=DMAMUX1:23"},
    {"LPTIM2", "stm32_lptim", 0x40009400, 0x400, "66", "clock=LPTIM2"},
    {"SYSCFG", "stm32_syscfg", 0x40010000, 0x400, "", "layout=l4"},
    {"EXTI", "stm32_exti", 0x40010400, 0x400, "0:6 1:7 2:8 3:9 4:10 5:23 6:23 7:23 8:23 9:23 10:40 11:40 12:40 13:40 14:40 15:40 rtc_wkup:3 rtc_alarm:41", "layout=l4"},
    {"FIREWALL", "unmodelled", 0x40011C00, 0x400, "", ""},
    {"TIM1", "stm32_tim", 0x40012C00, 0x400, "up:25 cc:27 brk:24 trg:26", "clock=TIMPCLK2 channels=4 dma_up=DMAMUX1:46 dma_ch1=DMAMUX1:42 dma_ch2=DMAMUX1:43 dma_ch3=DMAMUX1:44 dma_ch4=DMAMUX1:45"},
    {"SPI1", "stm32_spi_v2", 0x40013000, 0x400, "35", "clock=PCLK2 dma_rx=DMAMUX1:10 dma_tx=DMAMUX1:11"},
    {"TIM8", "stm32_tim", 0x40013400, 0x400, "up:44 cc:46 brk:43 trg:45", "clock=TIMPCLK2 channels=4 dma_up=DMAMUX1:53 dma_ch1=DMAMUX1:49 dma_ch2=DMAMUX1:50 dma_ch3=DMAMUX1:51 dma_ch4=DMAMUX1:52"},
    {"USART1", "stm32_usart_v2", 0x40013800, 0x400, "37", "clock=USART1 fifo=8 dma_rx=DMAMUX1:24 dma_tx=DMAMUX1:25"},
    {"TIM15", "stm32_tim", 0x40014000, 0x400, "24", "clock=TIMPCLK2 channels=2 dma_up=DMAMUX1:79 dma_ch1=DMAMUX1:78"},
    {"TIM16", "stm32_tim", 0x40014400, 0x400, "25", "clock=TIMPCLK2 channels=1 dma_up=DMAMUX1:83 dma_ch1=DMAMUX1:82"},
    {"TIM17", "stm32_tim", 0x40014800, 0x400, "26", "clock=TIMPCLK2 channels=1 dma_up=DMAMUX1:85 dma_ch1=DMAMUX1:84"},
    {"SAI1", "unmodelled", 0x40015400, 0x400, "74", ""},
    {"SAI2", "unmodelled", 0x40015800, 0x400, "75", ""},
    {"DMA1", "stm32_dma_channel", 0x40020000, 0x400, "1:11 2:12 3:13 4:14 5:15 6:16 7:17", "channels=7 mux=DMAMUX1 mux_first=0"},
    {"DMA2", "stm32_dma_channel", 0x40020400, 0x400, "1:56 2:57 3:58 4:59 5:60 6:68 7:69", "channels=7 mux=DMAMUX1 mux_first=7"},
    {"DMAMUX1", "stm32_dmamux", 0x40020800, 0x400, "ovr:94", ""},
    {"RCC", "stm32l4_rcc", 0x40021000, 0x400, "5", ""},
    {"FLASH", "stm32l4_flash", 0x40022000, 0x400, "4", ""},
    {"CRC", "stm32_crc", 0x40023000, 0x400, "", "layout=v2"},
    {"TSC", "unmodelled", 0x40024000, 0x400, "77", ""},
    {"DMA2D", "unmodelled", 0x4002B000, 0x400, "90", ""},
    {"GPIOA", "stm32_gpio", 0x48000000, 0x400, "", "port=A"},
    {"GPIOB", "stm32_gpio", 0x48000400, 0x400, "", "port=B"},
    {"GPIOC", "stm32_gpio", 0x48000800, 0x400, "", "port=C"},
    {"GPIOD", "stm32_gpio", 0x48000C00, 0x400, "", "port=D"},
    {"GPIOE", "stm32_gpio", 0x48001000, 0x400, "", "port=E"},
    {"GPIOF", "stm32_gpio", 0x48001400, 0x400, "", "port=F"},
    {"GPIOG", "stm32_gpio", 0x48001800, 0x400, "", "port=G"},
    {"GPIOH", "stm32_gpio", 0x48001C00, 0x400, "", "port=H"},
    {"GPIOI", "stm32_gpio", 0x48002000, 0x400, "", "port=I"},
    {"USB_OTG_FS", "unmodelled", 0x50000000, 0x40000, "", ""},
    {"ADC1", "stm32_adc_v3", 0x50040000, 0x400, "18", "clock=ADC layout=l4 trg=4:TIM3,7:TIM8,9:TIM1,11:TIM2,12:TIM4,13:TIM6,14:TIM15 dma=DMAMUX1:5"},
    {"DCMI", "unmodelled", 0x50050000, 0x400, "85", ""},
    {"RNG", "stm32_rng", 0x50060800, 0x400, "80", "clock=RNG"},
    {"OCTOSPIM", "unmodelled", 0x50061C00, 0x400, "", ""},
    {"SDMMC1", "unmodelled", 0x50062400, 0x400, "49", ""},
    {"FMC", "unmodelled", 0xA0000000, 0x400, "", ""},
    {"OCTOSPI1", "unmodelled", 0xA0001000, 0x400, "71", ""},
    {"OCTOSPI2", "unmodelled", 0xA0001400, 0x400, "76", ""},
    {"DBGMCU", "stm32_dbgmcu", 0xE0042000, 0x400, "", ""},
    {"UID", "stm32_signature", 0x1FFF7500, 0x100, "", "uid=0x90 flash_size=0xE0 flash_kb=2048"},
    // clang-format on
};

constexpr const char* kInterrupts =
    "WWDG PVD_PVM TAMP_STAMP RTC_WKUP FLASH RCC EXTI0 EXTI1 EXTI2 EXTI3 EXTI4 DMA1_Channel1 DMA1_Channel2 "
    "DMA1_Channel3 DMA1_Channel4 DMA1_Channel5 DMA1_Channel6 DMA1_Channel7 ADC1 CAN1_TX CAN1_RX0 CAN1_RX1 "
    "CAN1_SCE EXTI9_5 TIM1_BRK_TIM15 TIM1_UP_TIM16 TIM1_TRG_COM_TIM17 TIM1_CC TIM2 TIM3 TIM4 I2C1_EV I2C1_ER "
    "I2C2_EV I2C2_ER SPI1 SPI2 USART1 USART2 USART3 EXTI15_10 RTC_Alarm DFSDM1_FLT3 TIM8_BRK TIM8_UP "
    "TIM8_TRG_COM TIM8_CC - FMC SDMMC1 TIM5 SPI3 UART4 UART5 TIM6_DAC TIM7 DMA2_Channel1 DMA2_Channel2 "
    "DMA2_Channel3 DMA2_Channel4 DMA2_Channel5 DFSDM1_FLT0 DFSDM1_FLT1 DFSDM1_FLT2 COMP LPTIM1 LPTIM2 OTG_FS "
    "DMA2_Channel6 DMA2_Channel7 LPUART1 OCTOSPI1 I2C3_EV I2C3_ER SAI1 SAI2 OCTOSPI2 TSC - - RNG FPU CRS "
    "I2C4_ER I2C4_EV DCMI - - - - DMA2D - - - DMAMUX1_OVR";

} // namespace

std::shared_ptr<const McuDesc> stm32l4r5zi() {
    static const auto mcu = makeMcu({
        .name = "STM32L4R5ZI",
        .family = McuFamily::Stm32L4Plus,
        .core =
            {.kind = &kCortexM4, .fpu = true, .nvicPriorityBits = 4, .irqCount = 95, .mpuRegions = 8, .bitBand = true},
        .resetClock = 4'000'000,
        .maxClock = 120'000'000,
        .memories =
            {
                {"flash", MemoryKind::Flash, {0x08000000, 2048 * kKiB}, "stm32l4_flash", {}, {}},
                {"flash at 0", MemoryKind::Flash, {0x00000000, 2048 * kKiB}, "stm32l4_flash", 0x08000000, {}},
                {"SRAM1", MemoryKind::Sram, {0x20000000, 192 * kKiB}, "stm32_sram", {}, {}},
                {"SRAM2", MemoryKind::Sram, {0x20030000, 64 * kKiB}, "stm32_sram", {}, {}},
                {"SRAM2 on the code bus", MemoryKind::Sram, {0x10000000, 64 * kKiB}, "stm32_sram", 0x20030000, {}},
                {"SRAM3", MemoryKind::Sram, {0x20040000, 384 * kKiB}, "stm32_sram", {}, {}},
            },
        .peripherals = peripheralsFrom(kPeripherals, "RM0432 2.2 (memory map), 17 (interrupts)"),
        .irqNames = words(kInterrupts),
        .source = "RM0432 2.2 (memory map), 17 (interrupts); DS12023",
    });
    return mcu;
}

} // namespace simprof
