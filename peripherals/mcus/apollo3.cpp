// SPDX-License-Identifier: GPL-2.0-or-later
// Apollo3 Blue: data sheet (DS-A3-0p12p0) section 3.3 (interrupt table), 3.4 (memory map).
#include "peripherals/mcus/apollo3_rom.h"
#include "peripherals/mcus/mcus.h"

namespace simprof {
namespace {

// Name, type, base, size, interrupts, wiring.
const PeripheralRow kPeripherals[] = {
    // clang-format off
    {"RSTGEN", "apollo3_rstgen", 0x40000000, 0x400, "0", ""},
    {"CLKGEN", "apollo3_clkgen", 0x40004000, 0x200, "31", ""},
    {"RTC", "unmodelled", 0x40004200, 0x200, "2", ""},
    {"CTIMER", "apollo3_ctimer", 0x40008000, 0x400, ":14 stimer:22 cmpr0:23 cmpr1:24 cmpr2:25 cmpr3:26 cmpr4:27 cmpr5:28 cmpr6:29 cmpr7:30", ""},
    {"VCOMP", "unmodelled", 0x4000C000, 0x400, "3", ""},
    {"GPIO", "apollo3_gpio", 0x40010000, 0x400, "13", ""},
    {"APBDMA", "unmodelled", 0x40011000, 0x400, "", ""},
    {"CACHECTRL", "apollo3_cachectrl", 0x40018000, 0x400, "", ""},
    {"UART0", "apollo3_uart", 0x4001C000, 0x1000, "15", ""},
    {"UART1", "apollo3_uart", 0x4001D000, 0x1000, "16", ""},
    {"MCUCTRL", "apollo3_mcuctrl", 0x40020000, 0x400, "", ""},
    {"PWRCTRL", "apollo3_pwrctrl", 0x40021000, 0x400, "", ""},
    {"WDT", "apollo3_wdt", 0x40024000, 0x400, "1", ""},
    {"SECURITY", "unmodelled", 0x40030000, 0x400, "", ""},
    {"SCARD", "unmodelled", 0x40080000, 0x400, "17", ""},
    {"IOSLAVE", "unmodelled", 0x50000000, 0x400, "4", ""},
    {"IOM0", "apollo3_iom", 0x50004000, 0x1000, "6", "spi=SPI0 i2c=I2C0"},
    {"IOM1", "apollo3_iom", 0x50005000, 0x1000, "7", "spi=SPI1 i2c=I2C1"},
    {"IOM2", "apollo3_iom", 0x50006000, 0x1000, "8", "spi=SPI2 i2c=I2C2"},
    {"IOM3", "apollo3_iom", 0x50007000, 0x1000, "9", "spi=SPI3 i2c=I2C3"},
    {"IOM4", "apollo3_iom", 0x50008000, 0x1000, "10", "spi=SPI4 i2c=I2C4"},
    {"IOM5", "apollo3_iom", 0x50009000, 0x1000, "11", "spi=SPI5 i2c=I2C5"},
    {"BLEIF", "unmodelled", 0x5000C000, 0x1000, "12", ""},
    {"ADC", "apollo3_adc", 0x50010000, 0x400, "18", ""},
    {"PDM", "unmodelled", 0x50011000, 0x400, "19", ""},
    {"MSPI", "unmodelled", 0x50014000, 0x400, "20", ""},
    {"JEDEC", "coresight_id", 0xF0000000, 0x1000, "", "pid1=0xB0 pid2=0x09"}, // maker 0x9B (am_reg_jedec.h of the SDK)
    // clang-format on
};

constexpr const char* kInterrupts =
    "BROWNOUT WDT RTC VCOMP IOSLAVE IOSLAVEACC IOMSTR0 IOMSTR1 IOMSTR2 IOMSTR3 IOMSTR4 IOMSTR5 BLE GPIO "
    "CTIMER UART0 UART1 SCARD ADC PDM MSPI0 - STIMER STIMER_CMPR0 STIMER_CMPR1 STIMER_CMPR2 STIMER_CMPR3 "
    "STIMER_CMPR4 STIMER_CMPR5 STIMER_CMPR6 STIMER_CMPR7 CLKGEN";

} // namespace

std::shared_ptr<const McuDesc> apollo3() {
    static const auto mcu = makeMcu({
        .name = "AMA3B1KK",
        .family = McuFamily::Apollo3,
        .core = {.kind = &kCortexM4, .fpu = true, .nvicPriorityBits = 3, .irqCount = 32, .mpuRegions = 8},
        .resetClock = 24'000'000, // CLKGEN CCTRL after reset: HFRC divided by two
        .maxClock = 96'000'000,
        .memories =
            {
                {"flash", MemoryKind::Flash, {0x00000000, 1024 * kKiB}, "apollo3_flash", {}, {}},
                {"boot ROM", MemoryKind::Rom, {0x08000000, 4 * kKiB}, "", {}, apollo3Rom()},
                {"TCM", MemoryKind::Sram, {0x10000000, 64 * kKiB}, "apollo3_tcm", {}, {}},
                {"SRAM", MemoryKind::Sram, {0x10010000, 320 * kKiB}, "", {}, {}},
            },
        .peripherals = peripheralsFrom(kPeripherals, "Apollo3 Blue data sheet 3.3 (interrupts), 3.4 (memory map)"),
        .irqNames = words(kInterrupts),
        .source = "Apollo3 Blue data sheet 3.3 (interrupts), 3.4 (memory map)",
    });
    return mcu;
}

} // namespace simprof
