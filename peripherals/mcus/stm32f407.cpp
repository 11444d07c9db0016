// SPDX-License-Identifier: GPL-2.0-or-later
// STM32F407VG: RM0090 section 2.3 (memory map and register boundaries), chapter 12 (vector table), tables 42 and 43
// (DMA requests).
#include "peripherals/mcus/mcus.h"

namespace simprof {
namespace {

// Name, type, base, size, interrupts, wiring.
const PeripheralRow kPeripherals[] = {
    // clang-format off
    {"TIM2", "stm32_tim", 0x40000000, 0x400, "28", "clock=TIMPCLK1 bits=32 channels=4 dma_up=DMA1:1.3,DMA1:7.3"},
    {"TIM3", "stm32_tim", 0x40000400, 0x400, "29", "clock=TIMPCLK1 channels=4 dma_up=DMA1:2.5"},
    {"TIM4", "stm32_tim", 0x40000800, 0x400, "30", "clock=TIMPCLK1 channels=4 dma_up=DMA1:6.2"},
    {"TIM5", "stm32_tim", 0x40000C00, 0x400, "50", "clock=TIMPCLK1 bits=32 channels=4"},
    {"TIM6", "stm32_tim", 0x40001000, 0x400, "54", "clock=TIMPCLK1 channels=0 dma_up=DMA1:1.7"},
    {"TIM7", "stm32_tim", 0x40001400, 0x400, "55", "clock=TIMPCLK1 channels=0 dma_up=DMA1:2.1,DMA1:4.1"},
    {"TIM12", "stm32_tim", 0x40001800, 0x400, "43", "clock=TIMPCLK1 channels=2"},
    {"TIM13", "stm32_tim", 0x40001C00, 0x400, "44", "clock=TIMPCLK1 channels=1"},
    {"TIM14", "stm32_tim", 0x40002000, 0x400, "45", "clock=TIMPCLK1 channels=1"},
    {"RTC", "stm32_rtc", 0x40002800, 0x400, "wkup:3 alarm:41", "layout=v2"},
    {"WWDG", "stm32_wwdg", 0x40002C00, 0x400, "0", "clock=PCLK1"},
    {"IWDG", "stm32_iwdg", 0x40003000, 0x400, "", ""},
    {"I2S2ext", "unmodelled", 0x40003400, 0x400, "", ""},
    {"SPI2", "stm32_spi_v1", 0x40003800, 0x400, "36", "clock=PCLK1 dma_rx=DMA1:3.0 dma_tx=DMA1:4.0"},
    {"SPI3", "stm32_spi_v1", 0x40003C00, 0x400, "51", "clock=PCLK1 dma_rx=DMA1:0.0,DMA1:2.0 dma_tx=DMA1:5.0,DMA1:7.0"},
    {"I2S3ext", "unmodelled", 0x40004000, 0x400, "", ""},
    {"USART2", "stm32_usart_v1", 0x40004400, 0x400, "38", "clock=PCLK1 dma_rx=DMA1:5.4 dma_tx=DMA1:6.4"},
    {"USART3", "stm32_usart_v1", 0x40004800, 0x400, "39", "clock=PCLK1 dma_rx=DMA1:1.4 dma_tx=DMA1:3.4,DMA1:4.7"},
    {"UART4", "stm32_usart_v1", 0x40004C00, 0x400, "52", "clock=PCLK1 dma_rx=DMA1:2.4 dma_tx=DMA1:4.4"},
    {"UART5", "stm32_usart_v1", 0x40005000, 0x400, "53", "clock=PCLK1 dma_rx=DMA1:0.4 dma_tx=DMA1:7.4"},
    {"I2C1", "stm32_i2c_v1", 0x40005400, 0x400, "ev:31 er:32", "clock=PCLK1 dma_rx=DMA1:0.1,DMA1:5.1 dma_tx=DMA1:6.1,DMA1:7.1"},
    {"I2C2", "stm32_i2c_v1", 0x40005800, 0x400, "ev:33 er:34", "clock=PCLK1 dma_rx=DMA1:2.7,DMA1:3.7 dma_tx=DMA1:7.7"},
    {"I2C3", "stm32_i2c_v1", 0x40005C00, 0x400, "ev:72 er:73", "clock=PCLK1 dma_rx=DMA1:2.3 dma_tx=DMA1:4.3"},
    {"CAN1", "unmodelled", 0x40006400, 0x400, "19", ""},
    {"CAN2", "unmodelled", 0x40006800, 0x400, "63", ""},
    {"PWR", "stm32f4_pwr", 0x40007000, 0x400, "", ""},
    {"DAC1", "unmodelled", 0x40007400, 0x400, "", ""},
    {"TIM1", "stm32_tim", 0x40010000, 0x400, "up:25 cc:27 brk:24 trg:26", "clock=TIMPCLK2 channels=4 dma_up=DMA2:5.6"},
    {"TIM8", "stm32_tim", 0x40010400, 0x400, "up:44 cc:46 brk:43 trg:45", "clock=TIMPCLK2 channels=4 dma_up=DMA2:1.7"},
    {"USART1", "stm32_usart_v1", 0x40011000, 0x400, "37", "clock=PCLK2 dma_rx=DMA2:2.4,DMA2:5.4 dma_tx=DMA2:7.4"},
    {"USART6", "stm32_usart_v1", 0x40011400, 0x400, "71", "clock=PCLK2 dma_rx=DMA2:1.5,DMA2:2.5 dma_tx=DMA2:6.5,DMA2:7.5"},
    {"ADC1", "stm32_adc_v1", 0x40012000, 0x100, "18", "common=ADC_COMMON layout=f4 trg=6:TIM2,8:TIM3,14:TIM8 dma=DMA2:0.0,DMA2:4.0"},
    {"ADC2", "stm32_adc_v1", 0x40012100, 0x100, "18", "common=ADC_COMMON layout=f4 trg=6:TIM2,8:TIM3,14:TIM8 dma=DMA2:2.1,DMA2:3.1"},
    {"ADC3", "stm32_adc_v1", 0x40012200, 0x100, "18", "common=ADC_COMMON layout=f4 trg=6:TIM2,8:TIM3,14:TIM8 dma=DMA2:0.2,DMA2:1.2"},
    {"ADC_COMMON", "stm32_adc_common", 0x40012300, 0x100, "", ""},
    {"SDIO", "unmodelled", 0x40012C00, 0x400, "49", ""},
    {"SPI1", "stm32_spi_v1", 0x40013000, 0x400, "35", "clock=PCLK2 dma_rx=DMA2:0.3,DMA2:2.3 dma_tx=DMA2:3.3,DMA2:5.3"},
    {"SYSCFG", "stm32_syscfg", 0x40013800, 0x400, "", "layout=f4"},
    {"EXTI", "stm32_exti", 0x40013C00, 0x400, "0:6 1:7 2:8 3:9 4:10 5:23 6:23 7:23 8:23 9:23 10:40 11:40 12:40 13:40 14:40 15:40 rtc_wkup:3 rtc_alarm:41", "layout=f4"},
    {"TIM9", "stm32_tim", 0x40014000, 0x400, "24", "clock=TIMPCLK2 channels=2"},
    {"TIM10", "stm32_tim", 0x40014400, 0x400, "25", "clock=TIMPCLK2 channels=1"},
    {"TIM11", "stm32_tim", 0x40014800, 0x400, "26", "clock=TIMPCLK2 channels=1"},
    {"GPIOA", "stm32_gpio", 0x40020000, 0x400, "", "port=A"},
    {"GPIOB", "stm32_gpio", 0x40020400, 0x400, "", "port=B"},
    {"GPIOC", "stm32_gpio", 0x40020800, 0x400, "", "port=C"},
    {"GPIOD", "stm32_gpio", 0x40020C00, 0x400, "", "port=D"},
    {"GPIOE", "stm32_gpio", 0x40021000, 0x400, "", "port=E"},
    {"GPIOF", "stm32_gpio", 0x40021400, 0x400, "", "port=F"},
    {"GPIOG", "stm32_gpio", 0x40021800, 0x400, "", "port=G"},
    {"GPIOH", "stm32_gpio", 0x40021C00, 0x400, "", "port=H"},
    {"GPIOI", "stm32_gpio", 0x40022000, 0x400, "", "port=I"},
    {"CRC", "stm32_crc", 0x40023000, 0x400, "", "layout=v1"},
    {"RCC", "stm32f4_rcc", 0x40023800, 0x400, "5", ""},
    {"FLASH", "stm32f4_flash", 0x40023C00, 0x400, "4", ""},
    {"DMA1", "stm32_dma_stream", 0x40026000, 0x400, "0:11 1:12 2:13 3:14 4:15 5:16 6:17 7:47", ""},
    {"DMA2", "stm32_dma_stream", 0x40026400, 0x400, "0:56 1:57 2:58 3:59 4:60 5:68 6:69 7:70", ""},
    {"ETH", "unmodelled", 0x40028000, 0x1400, "", ""},
    {"USB_OTG_HS", "unmodelled", 0x40040000, 0x40000, "", ""},
    {"USB_OTG_FS", "unmodelled", 0x50000000, 0x40000, "", ""},
    {"DCMI", "unmodelled", 0x50050000, 0x400, "78", ""},
    {"RNG", "stm32_rng", 0x50060800, 0x400, "80", "clock=RNG"},
    {"FSMC", "unmodelled", 0xA0000000, 0x400, "", ""},
    {"DBGMCU", "stm32_dbgmcu", 0xE0042000, 0x400, "", ""},
    {"UID", "stm32_signature", 0x1FFF7A00, 0x100, "", "uid=0x10 flash_size=0x22 flash_kb=1024"},
    // clang-format on
};

constexpr const char* kInterrupts =
    "WWDG PVD TAMP_STAMP RTC_WKUP FLASH RCC EXTI0 EXTI1 EXTI2 EXTI3 EXTI4 DMA1_Stream0 DMA1_Stream1 "
    "DMA1_Stream2 DMA1_Stream3 DMA1_Stream4 DMA1_Stream5 DMA1_Stream6 ADC CAN1_TX CAN1_RX0 CAN1_RX1 CAN1_SCE "
    "EXTI9_5 TIM1_BRK_TIM9 TIM1_UP_TIM10 TIM1_TRG_COM_TIM11 TIM1_CC TIM2 TIM3 TIM4 I2C1_EV I2C1_ER I2C2_EV "
    "I2C2_ER SPI1 SPI2 USART1 USART2 USART3 EXTI15_10 RTC_Alarm OTG_FS_WKUP TIM8_BRK_TIM12 TIM8_UP_TIM13 "
    "TIM8_TRG_COM_TIM14 TIM8_CC DMA1_Stream7 FSMC SDIO TIM5 SPI3 UART4 UART5 TIM6_DAC TIM7 DMA2_Stream0 "
    "DMA2_Stream1 DMA2_Stream2 DMA2_Stream3 DMA2_Stream4 ETH ETH_WKUP CAN2_TX CAN2_RX0 CAN2_RX1 CAN2_SCE "
    "OTG_FS DMA2_Stream5 DMA2_Stream6 DMA2_Stream7 USART6 I2C3_EV I2C3_ER OTG_HS_EP1_OUT OTG_HS_EP1_IN "
    "OTG_HS_WKUP OTG_HS DCMI - RNG FPU";

} // namespace

std::shared_ptr<const McuDesc> stm32f407vg() {
    static const auto mcu = makeMcu({
        .name = "STM32F407VG",
        .family = McuFamily::Stm32F4,
        .core =
            {.kind = &kCortexM4, .fpu = true, .nvicPriorityBits = 4, .irqCount = 82, .mpuRegions = 8, .bitBand = true},
        .resetClock = 16'000'000,
        .maxClock = 168'000'000,
        .memories =
            {
                {"flash", MemoryKind::Flash, {0x08000000, 1024 * kKiB}, "stm32f4_art", {}, {}},
                {"flash at 0", MemoryKind::Flash, {0x00000000, 1024 * kKiB}, "stm32f4_art", 0x08000000, {}},
                {"CCM RAM", MemoryKind::Sram, {0x10000000, 64 * kKiB}, "stm32f4_ccm", {}, {}},
                {"SRAM1", MemoryKind::Sram, {0x20000000, 112 * kKiB}, "stm32_sram", {}, {}},
                {"SRAM2", MemoryKind::Sram, {0x2001C000, 16 * kKiB}, "stm32_sram", {}, {}},
                {"backup SRAM", MemoryKind::Sram, {0x40024000, 4 * kKiB}, "", {}, {}},
            },
        .peripherals = peripheralsFrom(kPeripherals, "RM0090 2.3 (memory map), 12 (interrupts)"),
        .irqNames = words(kInterrupts),
        .source = "RM0090 2.3 (memory map), 12 (interrupts); DS8626",
    });
    return mcu;
}

} // namespace simprof
