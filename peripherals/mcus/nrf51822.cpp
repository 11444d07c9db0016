// SPDX-License-Identifier: GPL-2.0-or-later
// nRF51822 QFAA: nRF51 series reference manual v3.0 sections 5 (memory), 6 (instantiation); product specification
// v3.3, 1.1.
#include "peripherals/mcus/mcus.h"

namespace simprof {
namespace {

// Name, type, base, size, interrupts, wiring.
const PeripheralRow kPeripherals[] = {
    // clang-format off
    {"FICR", "nrf_ficr", 0x10000000, 0x1000, "", "layout=nrf51 flash_kb=256 ram_kb=16 page=1024"},
    {"CLOCK", "nrf51_clock_power", 0x40000000, 0x1000, "0", ""},
    {"RADIO", "unmodelled", 0x40001000, 0x1000, "1", ""},
    {"UART0", "nrf_uarte", 0x40002000, 0x1000, "2", "layout=nrf51"},
    {"SPI0_TWI0", "nrf51_serial_bus", 0x40003000, 0x1000, "3", "spi=SPI0 i2c=I2C0"},
    {"SPI1_TWI1", "nrf51_serial_bus", 0x40004000, 0x1000, "4", "spi=SPI1 i2c=I2C1"},
    {"GPIOTE", "nrf_gpiote", 0x40006000, 0x1000, "6", "channels=4"},
    {"ADC", "nrf51_adc", 0x40007000, 0x1000, "7", ""},
    {"TIMER0", "nrf_timer", 0x40008000, 0x1000, "8", "channels=4"},
    {"TIMER1", "nrf_timer", 0x40009000, 0x1000, "9", "channels=4 bits=16"},
    {"TIMER2", "nrf_timer", 0x4000A000, 0x1000, "10", "channels=4 bits=16"},
    {"RTC0", "nrf_rtc", 0x4000B000, 0x1000, "11", "channels=3"},
    {"TEMP", "nrf_temp", 0x4000C000, 0x1000, "12", ""},
    {"RNG", "nrf_rng", 0x4000D000, 0x1000, "13", ""},
    {"ECB", "unmodelled", 0x4000E000, 0x1000, "14", ""},
    {"AAR_CCM", "unmodelled", 0x4000F000, 0x1000, "15", ""},
    {"WDT", "nrf_wdt", 0x40010000, 0x1000, "16", ""},
    {"RTC1", "nrf_rtc", 0x40011000, 0x1000, "17", "channels=4"},
    {"QDEC", "unmodelled", 0x40012000, 0x1000, "18", ""},
    {"LPCOMP", "unmodelled", 0x40013000, 0x1000, "19", ""},
    {"SWI0", "unmodelled", 0x40014000, 0x1000, "20", ""},
    {"SWI1", "unmodelled", 0x40015000, 0x1000, "21", ""},
    {"SWI2", "unmodelled", 0x40016000, 0x1000, "22", ""},
    {"SWI3", "unmodelled", 0x40017000, 0x1000, "23", ""},
    {"SWI4", "unmodelled", 0x40018000, 0x1000, "24", ""},
    {"SWI5", "unmodelled", 0x40019000, 0x1000, "25", ""},
    {"NVMC", "nrf_nvmc", 0x4001E000, 0x1000, "", "page=1024"},
    {"PPI", "nrf_ppi", 0x4001F000, 0x1000, "", "channels=16"},
    {"ROMTABLE", "coresight_id", 0xF0000000, 0x1000, "", "pid0=0x01 pid2=0x40"}, // third revision (compatibility matrix)
    {"GPIO", "nrf_gpio", 0x50000000, 0x1000, "", "first=0x500 port=0"},
    // clang-format on
};

constexpr const char* kInterrupts =
    "POWER_CLOCK RADIO UART0 SPI0_TWI0 SPI1_TWI1 - GPIOTE ADC TIMER0 TIMER1 TIMER2 RTC0 TEMP RNG ECB "
    "CCM_AAR WDT RTC1 QDEC LPCOMP SWI0 SWI1 SWI2 SWI3 SWI4 SWI5 - - - - - -";

} // namespace

std::shared_ptr<const McuDesc> nrf51822() {
    static const auto mcu = makeMcu({
        .name = "nRF51822",
        .family = McuFamily::Nrf51,
        .core = {.kind = &kCortexM0, .mulCycles = 1, .nvicPriorityBits = 2, .irqCount = 32, .mpuRegions = 0},
        .resetClock = 16'000'000,
        .maxClock = 16'000'000,
        .memories =
            {
                {"flash", MemoryKind::Flash, {0x00000000, 256 * kKiB}, "nrf51_flash", {}, {}},
                {"UICR", MemoryKind::Flash, {0x10001000, 4 * kKiB}, "nrf51_flash", {}, {}},
                {"RAM", MemoryKind::Sram, {0x20000000, 16 * kKiB}, "nordic_ram", {}, {}},
            },
        .peripherals = peripheralsFrom(kPeripherals, "nRF51 series RM v3.0, 6 (instantiation)"),
        .irqNames = words(kInterrupts),
        .source = "nRF51 series reference manual v3.0, 5 (memory), 6 (instantiation); nRF51822 PS v3.3, 1.1",
    });
    return mcu;
}

} // namespace simprof
