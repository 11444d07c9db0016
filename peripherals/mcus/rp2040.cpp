// SPDX-License-Identifier: GPL-2.0-or-later
// RP2040: data sheet (RP-008371-DS) sections 2.2 (address map), 2.3.2 (interrupts), 2.5.3.1 (DREQ table), 2.6
// (memories).
#include "peripherals/mcus/mcus.h"
#include "peripherals/mcus/rp2040_rom.h"

namespace simprof {
namespace {

// Name, type, base, size, interrupts, wiring.
const PeripheralRow kPeripherals[] = {
    // clang-format off
    {"XIP_CTRL", "rp2040_xip_ctrl", 0x14000000, 0x4000, "6", ""},
    {"XIP_SSI", "rp2040_ssi", 0x18000000, 0x4000, "", ""},
    {"SYSINFO", "rp2040_sysinfo", 0x40000000, 0x4000, "", ""},
    {"SYSCFG", "rp2040_syscfg", 0x40004000, 0x4000, "", ""},
    {"CLOCKS", "rp2040_clocks", 0x40008000, 0x4000, "17", ""},
    {"RESETS", "rp2040_resets", 0x4000C000, 0x4000, "", ""},
    {"PSM", "rp2040_psm", 0x40010000, 0x4000, "", ""},
    {"IO_BANK0", "rp2040_io_bank0", 0x40014000, 0x4000, "13", ""},
    {"IO_QSPI", "rp2040_io_qspi", 0x40018000, 0x4000, "14", ""},
    {"PADS_BANK0", "rp2040_pads", 0x4001C000, 0x4000, "", "pads=30"},
    {"PADS_QSPI", "rp2040_pads", 0x40020000, 0x4000, "", "pads=6"},
    {"XOSC", "rp2040_xosc", 0x40024000, 0x4000, "", ""},
    {"PLL_SYS", "rp2040_pll", 0x40028000, 0x4000, "", ""},
    {"PLL_USB", "rp2040_pll", 0x4002C000, 0x4000, "", ""},
    {"BUSCTRL", "rp2040_busctrl", 0x40030000, 0x4000, "", ""},
    {"UART0", "rp2040_uart", 0x40034000, 0x4000, "20", "clock=clk_peri dma_tx=DMA:20 dma_rx=DMA:21"},
    {"UART1", "rp2040_uart", 0x40038000, 0x4000, "21", "clock=clk_peri dma_tx=DMA:22 dma_rx=DMA:23"},
    {"SPI0", "rp2040_spi", 0x4003C000, 0x4000, "18", "clock=clk_peri dma_tx=DMA:16 dma_rx=DMA:17"},
    {"SPI1", "rp2040_spi", 0x40040000, 0x4000, "19", "clock=clk_peri dma_tx=DMA:18 dma_rx=DMA:19"},
    {"I2C0", "rp2040_i2c", 0x40044000, 0x4000, "23", "clock=clk_sys dma_tx=DMA:32 dma_rx=DMA:33"},
    {"I2C1", "rp2040_i2c", 0x40048000, 0x4000, "24", "clock=clk_sys dma_tx=DMA:34 dma_rx=DMA:35"},
    {"ADC", "rp2040_adc", 0x4004C000, 0x4000, "22", "clock=clk_adc dma=DMA:36"},
    {"PWM", "rp2040_pwm", 0x40050000, 0x4000, "4", "clock=clk_sys"},
    {"TIMER", "rp2040_timer", 0x40054000, 0x4000, "0:0 1:1 2:2 3:3", ""},
    {"WATCHDOG", "rp2040_watchdog", 0x40058000, 0x4000, "", ""},
    {"RTC", "rp2040_rtc", 0x4005C000, 0x4000, "25", "clock=clk_rtc"},
    {"ROSC", "rp2040_rosc", 0x40060000, 0x4000, "", ""},
    {"VREG_AND_CHIP_RESET", "rp2040_vreg", 0x40064000, 0x4000, "", ""},
    {"TBMAN", "rp2040_tbman", 0x4006C000, 0x4000, "", ""},
    {"DMA", "rp2040_dma", 0x50000000, 0x4000, "0:11 1:12", ""},
    {"USBCTRL_REGS", "unmodelled", 0x50110000, 0x4000, "5", "aliases=rp2040"},
    {"PIO0", "unmodelled", 0x50200000, 0x4000, "0:7 1:8", "aliases=rp2040"},
    {"PIO1", "unmodelled", 0x50300000, 0x4000, "0:9 1:10", "aliases=rp2040"},
    {"SIO", "rp2040_sio", 0xD0000000, 0x1000, "15", ""},
    // clang-format on
};

constexpr const char* kInterrupts =
    "TIMER_IRQ_0 TIMER_IRQ_1 TIMER_IRQ_2 TIMER_IRQ_3 PWM_IRQ_WRAP USBCTRL_IRQ XIP_IRQ PIO0_IRQ_0 "
    "PIO0_IRQ_1 PIO1_IRQ_0 PIO1_IRQ_1 DMA_IRQ_0 DMA_IRQ_1 IO_IRQ_BANK0 IO_IRQ_QSPI SIO_IRQ_PROC0 "
    "SIO_IRQ_PROC1 CLOCKS_IRQ SPI0_IRQ SPI1_IRQ UART0_IRQ UART1_IRQ ADC_IRQ_FIFO I2C0_IRQ I2C1_IRQ "
    "RTC_IRQ - - - - - -";

} // namespace

std::shared_ptr<const McuDesc> rp2040() {
    static const auto mcu = makeMcu({
        .name = "RP2040",
        .family = McuFamily::Rp2040,
        .core = {.kind = &kCortexM0Plus,
                 .mulCycles = 1,
                 .nvicPriorityBits = 2,
                 .irqCount = 32,
                 .mpuRegions = 8,
                 .ioPort = {0xD0000000, 0x1000}},
        .resetClock = 6'500'000, // ROSC after reset, typical (data sheet 2.17.1)
        .maxClock = 133'000'000,
        .memories =
            {
                {"ROM", MemoryKind::Rom, {0x00000000, 16 * kKiB}, "rp2040_sram", {}, rp2040Rom()},
                {"XIP flash", MemoryKind::Xip, {0x10000000, 2048 * kKiB}, "rp2040_xip", {}, {}},
                {"XIP flash, no allocate", MemoryKind::Xip, {0x11000000, 2048 * kKiB}, "rp2040_xip", 0x10000000, {}},
                {"XIP flash, no cache", MemoryKind::Xip, {0x12000000, 2048 * kKiB}, "rp2040_xip", 0x10000000, {}},
                {"XIP flash, no cache, no allocate",
                 MemoryKind::Xip,
                 {0x13000000, 2048 * kKiB},
                 "rp2040_xip",
                 0x10000000,
                 {}},
                {"SRAM0-3 (striped)", MemoryKind::Sram, {0x20000000, 256 * kKiB}, "rp2040_sram", {}, {}},
                {"SRAM4", MemoryKind::Sram, {0x20040000, 4 * kKiB}, "rp2040_sram", {}, {}},
                {"SRAM5", MemoryKind::Sram, {0x20041000, 4 * kKiB}, "rp2040_sram", {}, {}},
                {"USB DPRAM", MemoryKind::Sram, {0x50100000, 4 * kKiB}, "", {}, {}},
            },
        .peripherals = peripheralsFrom(kPeripherals, "RP2040 data sheet 2.2 (address map), 2.3.2 (interrupts)"),
        .irqNames = words(kInterrupts),
        .source = "RP2040 data sheet 2.2 (address map), 2.3.2 (interrupts), 2.6 (memories)",
        .imageStart = 0x10000000,   // XIP flash: the boot ROM loads the second stage from here (2.8.1)
        .imageVectors = 0x10000100, // behind the 256 bytes of the second stage (2.8.1)
    });
    return mcu;
}

} // namespace simprof
