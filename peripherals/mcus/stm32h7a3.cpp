// SPDX-License-Identifier: GPL-2.0-or-later
// STM32H7A3ZI-Q: RM0455 section 2.3 (memory map and register boundaries), chapter 19 (vector table), DMAMUX chapter
// (request table).
#include "peripherals/mcus/mcus.h"

namespace simprof {
namespace {

// Name, type, base, size, interrupts, wiring.
const PeripheralRow kPeripherals[] = {
    // clang-format off
    {"TIM2", "stm32_tim", 0x40000000, 0x400, "28", "clock=TIMPCLK1 bits=32 channels=4 dma_up=DMAMUX1:22 dma_ch1=DMAMUX1:18 dma_ch2=DMAMUX1:19 dma_ch3=DMAMUX1:20 dma_ch4=DMAMUX1:21"},
    {"TIM3", "stm32_tim", 0x40000400, 0x400, "29", "clock=TIMPCLK1 channels=4 dma_up=DMAMUX1:27 dma_ch1=DMAMUX1:23 dma_ch2=DMAMUX1:24 dma_ch3=DMAMUX1:25 dma_ch4=DMAMUX1:26"},
    {"TIM4", "stm32_tim", 0x40000800, 0x400, "30", "clock=TIMPCLK1 channels=4 dma_up=DMAMUX1:32 dma_ch1=DMAMUX1:29 dma_ch2=DMAMUX1:30 dma_ch3=DMAMUX1:31"},
    {"TIM5", "stm32_tim", 0x40000C00, 0x400, "50", "clock=TIMPCLK1 bits=32 channels=4 dma_up=DMAMUX1:59 dma_ch1=DMAMUX1:55 dma_ch2=DMAMUX1:56 dma_ch3=DMAMUX1:57 dma_ch4=DMAMUX1:58"},
    {"TIM6", "stm32_tim", 0x40001000, 0x400, "54", "clock=TIMPCLK1 channels=0 dma_up=DMAMUX1:69"},
    {"TIM7", "stm32_tim", 0x40001400, 0x400, "55", "clock=TIMPCLK1 channels=0 dma_up=DMAMUX1:70"},
    {"TIM12", "stm32_tim", 0x40001800, 0x400, "43", "clock=TIMPCLK1 channels=2"},
    {"TIM13", "stm32_tim", 0x40001C00, 0x400, "44", "clock=TIMPCLK1 channels=1"},
    {"TIM14", "stm32_tim", 0x40002000, 0x400, "45", "clock=TIMPCLK1 channels=1"},
    {"LPTIM1", "stm32_lptim", 0x40002400, 0x400, "93", "clock=LPTIM1"},
    {"SPI2", "stm32_spi_v3", 0x40003800, 0x400, "36", "clock=SPI2 dma_rx=DMAMUX1:39 dma_tx=DMAMUX1:40"},
    {"SPI3", "stm32_spi_v3", 0x40003C00, 0x400, "51", "clock=SPI3 dma_rx=DMAMUX1:61 dma_tx=DMAMUX1:62"},
    {"SPDIFRX", "unmodelled", 0x40004000, 0x400, "", ""},
    {"USART2", "stm32_usart_v2", 0x40004400, 0x400, "38", "clock=USART2 fifo=16 dma_rx=DMAMUX1:43 dma_tx=DMAMUX1:44"},
    {"USART3", "stm32_usart_v2", 0x40004800, 0x400, "39", "clock=USART3 fifo=16 dma_rx=DMAMUX1:45 dma_tx=DMAMUX1:46"},
    {"UART4", "stm32_usart_v2", 0x40004C00, 0x400, "52", "clock=UART4 fifo=16 dma_rx=DMAMUX1:63 dma_tx=DMAMUX1:64"},
    {"UART5", "stm32_usart_v2", 0x40005000, 0x400, "53", "clock=UART5 fifo=16 dma_rx=DMAMUX1:65 dma_tx=DMAMUX1:66"},
    {"I2C1", "stm32_i2c_v2", 0x40005400, 0x400, "ev:31 er:32", "clock=I2C1 dma_rx=DMAMUX1:33 dma_tx=DMAMUX1:34"},
    {"I2C2", "stm32_i2c_v2", 0x40005800, 0x400, "ev:33 er:34", "clock=I2C2 dma_rx=DMAMUX1:35 dma_tx=DMAMUX1:36"},
    {"I2C3", "stm32_i2c_v2", 0x40005C00, 0x400, "ev:72 er:73", "clock=I2C3 dma_rx=DMAMUX1:73 dma_tx=DMAMUX1:74"},
    {"CEC", "unmodelled", 0x40006C00, 0x400, "94", ""},
    {"DAC1", "unmodelled", 0x40007400, 0x400, "", ""},
    {"UART7", "stm32_usart_v2", 0x40007800, 0x400, "82", "clock=UART7 fifo=16 dma_rx=DMAMUX1:79 dma_tx=DMAMUX1:80"},
    {"UART8", "stm32_usart_v2", 0x40007C00, 0x400, "83", "clock=UART8 fifo=16 dma_rx=DMAMUX1:81 dma_tx=DMAMUX1:82"},
    {"CRS", "unmodelled", 0x40008400, 0x400, "144", ""},
    {"SWPMI1", "unmodelled", 0x40008800, 0x400, "115", ""},
    {"MDIOS", "unmodelled", 0x40009400, 0x400, "120", ""},
    {"FDCAN1", "unmodelled", 0x4000A000, 0x400, "19", ""},
    {"FDCAN2", "unmodelled", 0x4000A400, 0x400, "20", ""},
    {"TIM1", "stm32_tim", 0x40010000, 0x400, "up:25 cc:27 brk:24 trg:26", "clock=TIMPCLK2 channels=4 dma_up=DMAMUX1:15 dma_ch1=DMAMUX1:11 dma_ch2=DMAMUX1:12 dma_ch3=DMAMUX1:13 dma_ch4=DMAMUX1:14"},
    {"TIM8", "stm32_tim", 0x40010400, 0x400, "up:44 cc:46 brk:43 trg:45", "clock=TIMPCLK2 channels=4 dma_up=DMAMUX1:51 dma_ch1=DMAMUX1:47 dma_ch2=DMAMUX1:48 dma_ch3=DMAMUX1:49 dma_ch4=DMAMUX1:50"},
    {"USART1", "stm32_usart_v2", 0x40011000, 0x400, "37", "clock=USART1 fifo=16 dma_rx=DMAMUX1:41 dma_tx=DMAMUX1:42"},
    {"USART6", "stm32_usart_v2", 0x40011400, 0x400, "71", "clock=USART6 fifo=16 dma_rx=DMAMUX1:71 dma_tx=DMAMUX1:72"},
    {"UART9", "stm32_usart_v2", 0x40011800, 0x400, "140", "clock=UART9 fifo=16"},
    {"USART10", "stm32_usart_v2", 0x40011C00, 0x400, "141", "clock=USART10 fifo=16"},
    {"SPI1", "stm32_spi_v3", 0x40013000, 0x400, "35", "clock=SPI1 dma_rx=DMAMUX1:37 dma_tx=DMAMUX1:38"},
    {"SPI4", "stm32_spi_v3", 0x40013400, 0x400, "84", "clock=SPI4 dma_rx=DMAMUX1:83 dma_tx=DMAMUX1:84"},
    {"TIM15", "stm32_tim", 0x40014000, 0x400, "116", "clock=TIMPCLK2 channels=2"},
    {"TIM16", "stm32_tim", 0x40014400, 0x400, "117", "clock=TIMPCLK2 channels=1"},
    {"TIM17", "stm32_tim", 0x40014800, 0x400, "118", "clock=TIMPCLK2 channels=1"},
    {"SPI5", "stm32_spi_v3", 0x40015000, 0x400, "85", "clock=SPI5 dma_rx=DMAMUX1:85 dma_tx=DMAMUX1:86"},
    {"SAI1", "unmodelled", 0x40015800, 0x400, "87", ""},
    {"SAI2", "unmodelled", 0x40015C00, 0x400, "91", ""},
    {"DMA1", "stm32_dma_stream", 0x40020000, 0x400, "0:11 1:12 2:13 3:14 4:15 5:16 6:17 7:47", "mux=DMAMUX1 mux_first=0"},
    {"DMA2", "stm32_dma_stream", 0x40020400, 0x400, "0:56 1:57 2:58 3:59 4:60 5:68 6:69 7:70", "mux=DMAMUX1 mux_first=8"},
    {"DMAMUX1", "stm32_dmamux", 0x40020800, 0x400, "ovr:102", ""},
    {"ADC1", "stm32_adc_v3", 0x40022000, 0x100, "18", "clock=ADC common=ADC12_COMMON layout=h7a3 trg=4:TIM3,7:TIM8,9:TIM1,11:TIM2,12:TIM4,13:TIM6,14:TIM15 dma=DMAMUX1:9"},
    {"ADC2", "stm32_adc_v3", 0x40022100, 0x100, "18", "clock=ADC common=ADC12_COMMON layout=h7a3 trg=4:TIM3,7:TIM8,9:TIM1,11:TIM2,12:TIM4,13:TIM6,14:TIM15 dma=DMAMUX1:10"},
    {"ADC12_COMMON", "stm32_adc_common", 0x40022300, 0x100, "", ""},
    {"CRC", "stm32_crc", 0x40023000, 0x400, "", "layout=v2"},
    {"USB1_OTG_HS", "unmodelled", 0x40040000, 0x40000, "", ""},
    {"DCMI", "unmodelled", 0x48020000, 0x400, "78", ""},
    {"PSSI", "unmodelled", 0x48020400, 0x400, "78", ""},
    {"HSEM", "stm32_hsem", 0x48020800, 0x400, "", ""},
    {"RNG", "stm32_rng", 0x48021800, 0x400, "80", "clock=RNG"},
    {"SDMMC2", "unmodelled", 0x48022400, 0x400, "124", ""},
    {"BDMA1", "stm32_dma_channel", 0x48022C00, 0x400, "", "channels=8"},
    {"LTDC", "unmodelled", 0x50001000, 0x400, "88", ""},
    {"WWDG1", "stm32_wwdg", 0x50003000, 0x400, "0", "clock=PCLK3"},
    {"GPV", "unmodelled", 0x51000000, 0x100000, "", ""},
    {"MDMA", "unmodelled", 0x52000000, 0x400, "122", ""},
    {"DMA2D", "unmodelled", 0x52001000, 0x400, "90", ""},
    {"FLASH", "stm32h7a3_flash", 0x52002000, 0x1000, "4", ""},
    {"JPEG", "unmodelled", 0x52003000, 0x400, "121", ""},
    {"FMC", "unmodelled", 0x52004000, 0x400, "", ""},
    {"OCTOSPI1", "unmodelled", 0x52005000, 0x400, "92", ""},
    {"SDMMC1", "unmodelled", 0x52007000, 0x400, "49", ""},
    {"RAMECC", "unmodelled", 0x52009000, 0x400, "", ""},
    {"OCTOSPI2", "unmodelled", 0x5200A000, 0x400, "150", ""},
    {"OCTOSPIM", "unmodelled", 0x5200B400, 0x400, "", ""},
    {"GFXMMU", "unmodelled", 0x5200C000, 0x400, "153", ""},
    {"EXTI", "stm32_exti", 0x58000000, 0x400, "0:6 1:7 2:8 3:9 4:10 5:23 6:23 7:23 8:23 9:23 10:40 11:40 12:40 13:40 14:40 15:40 rtc_wkup:3 rtc_alarm:41", "layout=h7a3"},
    {"SYSCFG", "stm32_syscfg", 0x58000400, 0x400, "", "layout=h7a3"},
    {"LPUART1", "stm32_usart_v2", 0x58000C00, 0x400, "142", "clock=LPUART1 lp=1 fifo=16"},
    {"SPI6", "stm32_spi_v3", 0x58001400, 0x400, "86", "clock=SPI6"},
    {"I2C4", "stm32_i2c_v2", 0x58001C00, 0x400, "ev:95 er:96", "clock=I2C4"},
    {"LPTIM2", "stm32_lptim", 0x58002400, 0x400, "138", "clock=LPTIM2"},
    {"LPTIM3", "stm32_lptim", 0x58002800, 0x400, "139", "clock=LPTIM3"},
    {"DAC2", "unmodelled", 0x58003400, 0x400, "127", ""},
    {"RTC", "stm32_rtc", 0x58004000, 0x400, "wkup:3 alarm:41", "layout=v3"},
    {"TAMP", "unmodelled", 0x58004400, 0x400, "2", ""},
    {"IWDG1", "stm32_iwdg", 0x58004800, 0x400, "", ""},
    {"DTS", "unmodelled", 0x58006800, 0x400, "147", ""},
    {"GPIOA", "stm32_gpio", 0x58020000, 0x400, "", "port=A"},
    {"GPIOB", "stm32_gpio", 0x58020400, 0x400, "", "port=B"},
    {"GPIOC", "stm32_gpio", 0x58020800, 0x400, "", "port=C"},
    {"GPIOD", "stm32_gpio", 0x58020C00, 0x400, "", "port=D"},
    {"GPIOE", "stm32_gpio", 0x58021000, 0x400, "", "port=E"},
    {"GPIOF", "stm32_gpio", 0x58021400, 0x400, "", "port=F"},
    {"GPIOG", "stm32_gpio", 0x58021800, 0x400, "", "port=G"},
    {"GPIOH", "stm32_gpio", 0x58021C00, 0x400, "", "port=H"},
    {"GPIOI", "stm32_gpio", 0x58022000, 0x400, "", "port=I"},
    {"GPIOJ", "stm32_gpio", 0x58022400, 0x400, "", "port=J"},
    {"GPIOK", "stm32_gpio", 0x58022800, 0x400, "", "port=K"},
    {"RCC", "stm32h7a3_rcc", 0x58024400, 0x400, "5", ""},
    {"PWR", "stm32h7a3_pwr", 0x58024800, 0x400, "", ""},
    {"BDMA2", "stm32_dma_channel", 0x58025400, 0x400, "0:129 1:130 2:131 3:132 4:133 5:134 6:135 7:136", "channels=8 mux=DMAMUX2"},
    {"DMAMUX2", "stm32_dmamux", 0x58025800, 0x400, "ovr:128", ""},
    {"DBGMCU", "stm32_dbgmcu", 0x5C001000, 0x400, "", ""},
    {"UID", "stm32_signature", 0x08FFF800, 0x100, "", "uid=0x0 flash_size=0xC flash_kb=2048"},
    // clang-format on
};

constexpr const char* kInterrupts =
    "WWDG PVD_PVM RTC_TAMP_STAMP_CSS_LSE RTC_WKUP FLASH RCC EXTI0 EXTI1 EXTI2 EXTI3 EXTI4 DMA1_Stream0 "
    "DMA1_Stream1 DMA1_Stream2 DMA1_Stream3 DMA1_Stream4 DMA1_Stream5 DMA1_Stream6 ADC FDCAN1_IT0 FDCAN2_IT0 "
    "FDCAN1_IT1 FDCAN2_IT1 EXTI9_5 TIM1_BRK TIM1_UP TIM1_TRG_COM TIM1_CC TIM2 TIM3 TIM4 I2C1_EV I2C1_ER "
    "I2C2_EV I2C2_ER SPI1 SPI2 USART1 USART2 USART3 EXTI15_10 RTC_Alarm DFSDM2 TIM8_BRK_TIM12 TIM8_UP_TIM13 "
    "TIM8_TRG_COM_TIM14 TIM8_CC DMA1_Stream7 FMC SDMMC1 TIM5 SPI3 UART4 UART5 TIM6_DAC TIM7 DMA2_Stream0 "
    "DMA2_Stream1 DMA2_Stream2 DMA2_Stream3 DMA2_Stream4 - - FDCAN_CAL DFSDM1_FLT4 DFSDM1_FLT5 DFSDM1_FLT6 "
    "DFSDM1_FLT7 DMA2_Stream5 DMA2_Stream6 DMA2_Stream7 USART6 I2C3_EV I2C3_ER OTG_HS_EP1_OUT OTG_HS_EP1_IN "
    "OTG_HS_WKUP OTG_HS DCMI_PSSI - RNG FPU UART7 UART8 SPI4 SPI5 SPI6 SAI1 LTDC LTDC_ER DMA2D SAI2 OCTOSPI1 "
    "LPTIM1 CEC I2C4_EV I2C4_ER SPDIF_RX - - - - DMAMUX1_OVR - - - - - - - DFSDM1_FLT0 DFSDM1_FLT1 DFSDM1_FLT2 "
    "DFSDM1_FLT3 - SWPMI1 TIM15 TIM16 TIM17 MDIOS_WKUP MDIOS JPEG MDMA - SDMMC2 HSEM1 - DAC2 DMAMUX2_OVR "
    "BDMA2_Channel0 BDMA2_Channel1 BDMA2_Channel2 BDMA2_Channel3 BDMA2_Channel4 BDMA2_Channel5 BDMA2_Channel6 "
    "BDMA2_Channel7 COMP LPTIM2 LPTIM3 UART9 USART10 LPUART1 WWDG_RST CRS ECC - DTS - WAKEUP_PIN OCTOSPI2 - - "
    "GFXMMU BDMA1";

} // namespace

std::shared_ptr<const McuDesc> stm32h7a3ziq() {
    static const auto mcu = makeMcu({
        .name = "STM32H7A3ZIT6Q",
        .family = McuFamily::Stm32H7A3,
        .core = {.kind = &kCortexM7,
                 .fpu = true,
                 .doublePrecision = true,
                 .nvicPriorityBits = 4,
                 .irqCount = 155,
                 .mpuRegions = 16,
                 .icacheBytes = 16 * kKiB,
                 .dcacheBytes = 16 * kKiB},
        .resetClock = 64'000'000,
        .maxClock = 280'000'000,
        .memories =
            {
                {"flash", MemoryKind::Flash, {0x08000000, 2048 * kKiB}, "stm32h7a3_flash", {}, {}},
                {"ITCM RAM", MemoryKind::Itcm, {0x00000000, 64 * kKiB}, "", {}, {}},
                {"DTCM RAM", MemoryKind::Dtcm, {0x20000000, 128 * kKiB}, "", {}, {}},
                {"AXI SRAM1", MemoryKind::Sram, {0x24000000, 256 * kKiB}, "stm32h7_axi_sram", {}, {}},
                {"AXI SRAM2", MemoryKind::Sram, {0x24040000, 384 * kKiB}, "stm32h7_axi_sram", {}, {}},
                {"AXI SRAM3", MemoryKind::Sram, {0x240A0000, 384 * kKiB}, "stm32h7_axi_sram", {}, {}},
                {"AHB SRAM1", MemoryKind::Sram, {0x30000000, 64 * kKiB}, "stm32h7_ahb_sram", {}, {}},
                {"AHB SRAM2", MemoryKind::Sram, {0x30010000, 64 * kKiB}, "stm32h7_ahb_sram", {}, {}},
                {"SRD SRAM", MemoryKind::Sram, {0x38000000, 32 * kKiB}, "stm32h7_ahb_sram", {}, {}},
                {"backup SRAM", MemoryKind::Sram, {0x38800000, 4 * kKiB}, "", {}, {}},
            },
        .peripherals = peripheralsFrom(kPeripherals, "RM0455 2.3 (memory map), 19 (interrupts)"),
        .irqNames = words(kInterrupts),
        .source = "RM0455 2.3 (memory map), 19 (interrupts); DS13195",
    });
    return mcu;
}

} // namespace simprof
