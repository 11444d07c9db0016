// SPDX-License-Identifier: GPL-2.0-or-later
// nRF52840: product specification v1.7, sections 4.2 (memory), 4.2.4 (instantiation: base address = ID * 0x1000,
// interrupt = ID).
#include "peripherals/mcus/mcus.h"

namespace simprof {
namespace {

// Name, type, base, size, interrupts, wiring. FICR: product specification v1.7, 4.4 (INFO.PART, INFO.VARIANT AAD0).
// Part number and revision are not in it; Nordic's start-up code reads them: 8 is the nRF52840, 3 the last revision
// that it knows (nrfx, mdk/nrf52_erratas.h, 2020).
const PeripheralRow kPeripherals[] = {
    // clang-format off
    {"FICR", "nrf_ficr", 0x10000000, 0x1000, "",
     "part=0x52840 variant=0x41414430 partno=8 revision=3 flash_kb=1024 ram_kb=256 page=4096"},
    {"CLOCK", "nrf52_clock_power", 0x40000000, 0x1000, "0", ""},
    {"RADIO", "unmodelled", 0x40001000, 0x1000, "1", ""},
    {"UARTE0", "nrf_uarte", 0x40002000, 0x1000, "2", ""},
    {"SPIM0_TWIM0", "nrf52_serial_bus", 0x40003000, 0x1000, "3", "spi=SPI0 i2c=I2C0"},
    {"SPIM1_TWIM1", "nrf52_serial_bus", 0x40004000, 0x1000, "4", "spi=SPI1 i2c=I2C1"},
    {"NFCT", "unmodelled", 0x40005000, 0x1000, "5", ""},
    {"GPIOTE", "nrf_gpiote", 0x40006000, 0x1000, "6", "channels=8"},
    {"SAADC", "nrf52_saadc", 0x40007000, 0x1000, "7", ""},
    {"TIMER0", "nrf_timer", 0x40008000, 0x1000, "8", "channels=4"},
    {"TIMER1", "nrf_timer", 0x40009000, 0x1000, "9", "channels=4"},
    {"TIMER2", "nrf_timer", 0x4000A000, 0x1000, "10", "channels=4"},
    {"RTC0", "nrf_rtc", 0x4000B000, 0x1000, "11", "channels=3"},
    {"TEMP", "nrf_temp", 0x4000C000, 0x1000, "12", ""},
    {"RNG", "nrf_rng", 0x4000D000, 0x1000, "13", ""},
    {"ECB", "unmodelled", 0x4000E000, 0x1000, "14", ""},
    {"AAR_CCM", "unmodelled", 0x4000F000, 0x1000, "15", ""},
    {"WDT", "nrf_wdt", 0x40010000, 0x1000, "16", ""},
    {"RTC1", "nrf_rtc", 0x40011000, 0x1000, "17", "channels=4"},
    {"QDEC", "unmodelled", 0x40012000, 0x1000, "18", ""},
    {"COMP_LPCOMP", "unmodelled", 0x40013000, 0x1000, "19", ""},
    {"EGU0_SWI0", "nrf_egu", 0x40014000, 0x1000, "20", ""},
    {"EGU1_SWI1", "nrf_egu", 0x40015000, 0x1000, "21", ""},
    {"EGU2_SWI2", "nrf_egu", 0x40016000, 0x1000, "22", ""},
    {"EGU3_SWI3", "nrf_egu", 0x40017000, 0x1000, "23", ""},
    {"EGU4_SWI4", "nrf_egu", 0x40018000, 0x1000, "24", ""},
    {"EGU5_SWI5", "nrf_egu", 0x40019000, 0x1000, "25", ""},
    {"TIMER3", "nrf_timer", 0x4001A000, 0x1000, "26", "channels=6"},
    {"TIMER4", "nrf_timer", 0x4001B000, 0x1000, "27", "channels=6"},
    {"PWM0", "unmodelled", 0x4001C000, 0x1000, "28", ""},
    {"PDM", "nrf52_pdm", 0x4001D000, 0x1000, "29", ""},
    {"NVMC", "nrf_nvmc", 0x4001E000, 0x1000, "", "page=4096"},
    {"PPI", "nrf_ppi", 0x4001F000, 0x1000, "", "channels=20"},
    {"MWU", "unmodelled", 0x40020000, 0x1000, "32", ""},
    {"PWM1", "unmodelled", 0x40021000, 0x1000, "33", ""},
    {"PWM2", "unmodelled", 0x40022000, 0x1000, "34", ""},
    {"SPIM2", "nrf52_serial_bus", 0x40023000, 0x1000, "35", "spi=SPI2"},
    {"RTC2", "nrf_rtc", 0x40024000, 0x1000, "36", "channels=4"},
    {"I2S", "unmodelled", 0x40025000, 0x1000, "37", ""},
    {"FPU", "unmodelled", 0x40026000, 0x1000, "38", ""},
    {"USBD", "unmodelled", 0x40027000, 0x1000, "39", ""},
    {"UARTE1", "nrf_uarte", 0x40028000, 0x1000, "40", ""},
    {"QSPI", "unmodelled", 0x40029000, 0x1000, "41", ""},
    {"PWM3", "unmodelled", 0x4002D000, 0x1000, "45", ""},
    {"SPIM3", "nrf52_serial_bus", 0x4002F000, 0x1000, "47", "spi=SPI3"},
    {"P0", "nrf_gpio", 0x50000500, 0x300, "", "port=0"}, // registers from 0x500 of the base in the manual
    {"P1", "nrf_gpio", 0x50000800, 0x300, "", "port=1"},
    {"ACL", "unmodelled", 0x5000A000, 0x1000, "", ""},
    {"CRYPTOCELL", "unmodelled", 0x5002A000, 0x2000, "42", ""},
    {"ROMTABLE", "coresight_id", 0xF0000000, 0x1000, "", "pid0=0x08 pid2=0x30"}, // Nordic MDK, nrf52_erratas.h
    // clang-format on
};

constexpr const char* kInterrupts =
    "POWER_CLOCK RADIO UARTE0_UART0 SPIM0_SPIS0_TWIM0_TWIS0_SPI0_TWI0 SPIM1_SPIS1_TWIM1_TWIS1_SPI1_TWI1 NFCT GPIOTE "
    "SAADC "
    "TIMER0 TIMER1 TIMER2 RTC0 TEMP RNG ECB CCM_AAR WDT RTC1 QDEC COMP_LPCOMP SWI0_EGU0 SWI1_EGU1 SWI2_EGU2 SWI3_EGU3 "
    "SWI4_EGU4 SWI5_EGU5 TIMER3 TIMER4 PWM0 PDM - - MWU PWM1 PWM2 SPIM2_SPIS2_SPI2 RTC2 I2S FPU USBD UARTE1 QSPI "
    "CRYPTOCELL - - PWM3 - SPIM3";

} // namespace

std::shared_ptr<const McuDesc> nrf52840() {
    static const auto mcu = makeMcu({
        .name = "nRF52840",
        .family = McuFamily::Nrf52,
        .core = {.kind = &kCortexM4, .fpu = true, .nvicPriorityBits = 3, .irqCount = 48, .mpuRegions = 8},
        .resetClock = 64'000'000,
        .maxClock = 64'000'000,
        .memories =
            {
                {"flash", MemoryKind::Flash, {0x00000000, 1024 * kKiB}, "nrf52_flash", {}, {}},
                {"UICR", MemoryKind::Flash, {0x10001000, 4 * kKiB}, "nrf52_flash", {}, {}},
                {"RAM", MemoryKind::Sram, {0x20000000, 256 * kKiB}, "nordic_ram", {}, {}},
                {"RAM on the code bus", MemoryKind::Sram, {0x00800000, 256 * kKiB}, "nordic_ram", 0x20000000, {}},
            },
        .peripherals = peripheralsFrom(kPeripherals, "nRF52840 PS v1.7, 4.2.4 (instantiation)"),
        .irqNames = words(kInterrupts),
        .source = "nRF52840 product specification v1.7, 4.2 (memory), 4.2.4 (instantiation)",
    });
    return mcu;
}

} // namespace simprof
