// SPDX-License-Identifier: GPL-2.0-or-later
/// The one list of the keys of a board file: the reader, the writer and the table of keys in the documents follow it.
#pragma once
#include "peripherals/boards/board_values.h"
#include "sim_core/machine_desc.h"
#include "sim_core/need.h"

#include <concepts>
#include <type_traits>

namespace simprof {

/// The keys of a board file that are no field of a BoardDesc.
inline constexpr const char* kMcuKey = "mcu";
inline constexpr const char* kMemoryBytesKey = "memory_bytes";

/// What is a table in a board file.
template<class T>
concept IsTable = requires {
    requires std::is_class_v<T> && std::is_aggregate_v<T>;
};

template<class T, class U>
concept IsDesc = std::same_as<std::remove_const_t<T>, U>;

template<class Visitor, IsDesc<CoreDesc> T>
void boardFields(Visitor& visit, T& core) {
    visit("kind", core.kind, Need::Required, coreChoices());
    visit("fpu", core.fpu, Need::Optional, "single-precision floating-point unit");
    visit("double_precision", core.doublePrecision, Need::Optional, "double-precision unit (M7)");
    visit("multiply_cycles", core.mulCycles, Need::Optional, "cycles of MULS on M0 and M0+: 1 or 32");
    visit("priority_bits", core.nvicPriorityBits, Need::Optional, "NVIC priority bits: 2 on M0 and M0+");
    visit("interrupts", core.irqCount, Need::Optional, "number of external interrupts");
    visit("mpu_regions", core.mpuRegions, Need::Optional, "0: no MPU");
    visit("systick_divider", core.sysTickRefDivider, Need::Optional,
          "core clock over SysTick's external reference, 0: none");
    visit("bit_band", core.bitBand, Need::Optional, "bit-band aliases (M4)");
    visit("icache_bytes", core.icacheBytes, Need::Optional, "L1 instruction cache (M7)");
    visit("dcache_bytes", core.dcacheBytes, Need::Optional, "L1 data cache (M7)");
    visit.address("io_port_base", core.ioPort.begin, Need::Optional, "single-cycle I/O port (M0+)");
    visit("io_port_bytes", core.ioPort.size, Need::Optional, "its size, 0: none");
}

template<class Visitor, IsDesc<MemoryDesc> T>
void boardFields(Visitor& visit, T& memory) {
    visit("name", memory.name, Need::Required, "as the reference manual calls it");
    visit("kind", memory.kind, Need::Required, "flash, sram, itcm, dtcm, rom or xip");
    visit.address("base", memory.range.begin, Need::Required, "first address");
    visit("bytes", memory.range.size, Need::Required, "size; 64K and 1M are understood too");
    visit("timing", memory.timing, Need::Optional, "row of the memory timing table; without one no access waits");
    visit.address("alias_of", memory.aliasOf, Need::Optional, "shows the bytes of the memory that begins there");
    visit("contents", memory.contents, Need::Optional,
          "bytes before any image is loaded (ROM), two hexadecimal digits each");
}

template<class Visitor, IsDesc<PeripheralDesc> T>
void boardFields(Visitor& visit, T& peripheral) {
    visit("name", peripheral.name, Need::Required, "as in the reference manual: USART1");
    visit("type", peripheral.type, Need::Required,
          "its behaviour, see the list of types; unmodelled: registers that keep what is written");
    visit.address("base", peripheral.range.begin, Need::Required, "first address");
    visit("bytes", peripheral.range.size, Need::Required, "size of its registers");
    visit("irqs", peripheral.irqs, Need::Optional,
          "NVIC numbers by line; the only line of a peripheral is called \"\"");
    visit("options", peripheral.options, Need::Optional, "its wiring: clock, DMA requests, layout");
    visit("source", peripheral.source, Need::Optional, "document and section");
}

template<class Visitor, IsDesc<McuDesc> T>
void boardFields(Visitor& visit, T& mcu) {
    visit("name", mcu.name, Need::Required, "STM32L4R5ZI");
    visit("family", mcu.family, Need::Optional, mcuFamilyHelp());
    visit("reset_clock_hz", mcu.resetClock, Need::Required, "core clock out of reset");
    visit("max_clock_hz", mcu.maxClock, Need::Required, "highest specified core clock");
    visit("source", mcu.source, Need::Optional, "reference manual and data sheet");
    visit("core", mcu.core, Need::Required, "the processor core");
    visit("memories", mcu.memories, Need::Required, "all memories");
    visit("peripherals", mcu.peripherals, Need::Optional, "all peripherals");
    visit.address("image_start", mcu.imageStart, Need::Optional,
                  "where an image in flash begins that a boot ROM starts (RP2040)");
    visit.address("image_vectors", mcu.imageVectors, Need::Optional, "vector table of such an image");
    visit("interrupt_names", mcu.irqNames, Need::Optional, "by NVIC number, \"\" where reserved");
}

template<class Visitor, IsDesc<CurrentRow> T>
void boardFields(Visitor& visit, T& row) {
    visit("state", row.state, Need::Required, "run, sleep, stop or standby");
    visit("setting", row.setting, Need::Optional,
          "what the power controller must be programmed to: range 2, Stop 2, DC/DC; whatever it is when left out");
    visit("megahertz", row.megahertz, Need::Optional, "core clock it holds for; at any when left out");
    visit("microamp", row.microamp, Need::Required, "typical current");
    visit("most_microamp", row.mostMicroamp, Need::Optional,
          "what it may come to, such as with all peripherals clocked");
    visit("band_percent", row.bandPercent, Need::Optional, "± of it; that of the supply when left out");
    visit("source", row.source, Need::Required, "document, table and conditions, or how it was measured");
}

template<class Visitor, IsDesc<SupplyPoint> T>
void boardFields(Visitor& visit, T& supply) {
    visit("name", supply.name, Need::Required, "what --supply names");
    visit("volts", supply.volts, Need::Required, "supply voltage");
    visit("microamp_per_mhz", supply.microampPerMhz, Need::Optional,
          "while running, times the core clock; or list the currents");
    visit("microamp_fixed", supply.microampFixed, Need::Optional, "while running, at any clock");
    visit("sleep_microamp_per_mhz", supply.sleepMicroampPerMhz, Need::Optional, "while asleep; unknown when left out");
    visit("stop_microamp", supply.stopMicroamp, Need::Optional, "in deep sleep; unknown when left out");
    visit("band_percent", supply.bandPercent, Need::Required, "± printed with each energy figure");
    visit("source", supply.source, Need::Required, "document, table and conditions, or how it was measured");
    visit("setting", supply.setting, Need::Optional,
          "it holds only when the firmware programs this: DC/DC; always when left out");
    visit("currents", supply.currents, Need::Optional, "by state, setting and clock");
}

template<class Visitor, IsDesc<SensorDesc> T>
void boardFields(Visitor& visit, T& sensor) {
    visit("bus", sensor.bus, Need::Required, "peripheral it is attached to: I2C1, SPI1, ADC1");
    visit("place", sensor.place, Need::Optional, "I2C address, chip select pin of an SPI, channel of an ADC");
    visit("kind", sensor.kind, Need::Required, "row of the sensor table");
    visit("samples", sensor.samples, Need::Optional, "CSV, WAV or raw file; without one it is at rest");
}

template<class Visitor, IsDesc<BoardDesc> T>
void boardFields(Visitor& visit, T& board) {
    visit("name", board.name, Need::Required, "as reports call it");
    visit("title", board.title, Need::Optional, "as its vendor writes it; the name when left out");
    visit("console", board.console, Need::Optional, "peripheral whose output is the console: USART1");
    visit.address("vector_table", board.vectorTable, Need::Required,
                  "where the core finds its stack pointer and entry at reset");
    visit("starts_in_rom", board.startsInRom, Need::Optional,
          "the boot ROM at vector_table finds the image in flash (RP2040)");
    visit("oscillators_hz", board.oscillators, Need::Optional,
          "crystals and clock inputs by the clock controller's name: HSE, LSE, XOSC");
    visit("supplies", board.supplies, Need::Optional, "supply configurations; the first is the default");
    visit("pins", board.pins, Need::Optional, "pins the board drives from outside: \"high\" or \"low\"");
    visit("sensors", board.sensors, Need::Optional, "sensors on buses and analogue inputs");
    visit("assumptions", board.assumptions, Need::Optional, "sentences printed in every report");
    visit("source", board.source, Need::Optional, "manual and section");
}

} // namespace simprof
