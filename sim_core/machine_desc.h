// SPDX-License-Identifier: GPL-2.0-or-later
/// Hardware as data: plain structs in the words of the data sheets. One literal per MCU (peripherals/mcus) and per
/// board (peripherals/boards).
#pragma once
#include "sim_core/cores.h"
#include "sim_core/power_state.h"
#include "sim_core/units.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace simprof {

/// Families whose blocks differ from those of the same type in others.
enum class McuFamily : std::uint8_t {
    Other,
    Apollo3,
    Nrf51,
    Nrf52,
    Rp2040,
    Stm32F4,
    Stm32F7,
    Stm32G0,
    Stm32H7,
    Stm32H7A3,
    Stm32L0,
    Stm32L4Plus
};

/// The processor core and its build options.
struct CoreDesc {
    const CoreKind* kind = &kCortexM4;
    bool fpu = false;               ///< single-precision FPU present
    bool doublePrecision = false;   ///< double-precision FPU present (M7 only)
    bool dsp = true;                ///< DSP extension present; without it an M4 without FPU runs what a Cortex-M3 does
    unsigned mulCycles = 1;         ///< MULS on M0/M0+: 1 or 32 (build option)
    unsigned nvicPriorityBits = 4;  ///< 2 on Armv6-M
    unsigned irqCount = 32;         ///< external interrupts
    unsigned mpuRegions = 8;        ///< 0: no MPU
    unsigned sysTickRefDivider = 8; ///< core clock over SysTick's external reference (STM32: 8); 0: no reference
    bool bitBand = false;           ///< bit-band aliases at 0x22000000 and 0x42000000 (M3/M4 build option)
    std::uint32_t icacheBytes = 0;  ///< M7 L1; 0: none
    std::uint32_t dcacheBytes = 0;
    AddressRange ioPort = {}; ///< single-cycle I/O port of an M0+ (RP2040 SIO, STM32G0/L0 GPIO); empty: none
};

enum class MemoryKind : std::uint8_t { Flash, Sram, Itcm, Dtcm, Rom, Xip };

/// One memory of the MCU as the core sees it. `timing` names the row of the memory-timing table (sim_core/timing) that
/// says how long its accesses take; an empty name means zero wait states and is reported as an assumption.
struct MemoryDesc {
    std::string name; ///< as the reference manual calls it: "SRAM1", "flash (AXI)", ...
    MemoryKind kind = MemoryKind::Sram;
    AddressRange range;
    std::string timing;
    std::optional<Address>
        aliasOf; ///< this range shows the same bytes as the memory that begins there (flash at 0, TCM views)
    std::vector<std::uint8_t>
        contents; ///< bytes present before any image is loaded (boot ROMs); shorter than the range is filled with 0
};

/// One peripheral of an MCU: `type` selects the behaviour (peripherals/), the rest is wiring.
struct PeripheralDesc {
    std::string name; ///< as in the reference manual: "USART1"
    std::string type; ///< key of the peripheral registry: "stm32_usart_v2"
    AddressRange range;
    std::map<std::string, int> irqs; ///< line name -> NVIC interrupt number, e.g. {"", 37}
    std::map<std::string, std::string>
        options;        ///< what the behaviour needs to know: {"clock", "APB2"}, {"dma_rx", "DMA2.5.4"}
    std::string source; ///< document and section of base address and interrupt number
};

/// One current that a document states, or that was measured.
struct CurrentRow {
    PowerState state = PowerState::Run;
    std::string setting;     ///< as in PowerSetting; "": whatever is programmed
    double megahertz = 0;    ///< core clock; 0: the current is the same at any
    double microamp = 0;     ///< typical; in sleep and stop with no peripheral clocked where the source says so
    double mostMicroamp = 0; ///< what it may come to, such as with all peripherals clocked; 0: the band alone
    double bandPercent = 0;  ///< 0: that of the supply
    std::string source;      ///< document, table, conditions
};

/// One configuration of the supply: voltage, regulator, and the currents known of it.
struct SupplyPoint {
    std::string name; ///< "LDO 3.0 V, range 1 boost"
    double volts = 0;
    double microampPerMhz = 0; ///< while running; multiplied by the core clock; 0: `currents` alone say
    double microampFixed = 0;  ///< added while running, independent of the clock
    std::optional<double> sleepMicroampPerMhz = {}; ///< nothing: unknown, unless `currents` say
    std::optional<double> stopMicroamp = {};
    double bandPercent = 0;   ///< +- band printed with each energy figure
    std::string source;       ///< document, table, conditions
    std::string setting = {}; ///< what the firmware must have programmed for it (PowerSetting::run); "": nothing
    std::vector<CurrentRow> currents = {}; ///< by state, setting and clock; they go before the figures above
};

/// A register by its address, as a CMSIS-SVD file describes it.
struct RegisterInfo {
    std::string name; ///< "CRS.CFGR"
    std::uint32_t reset = 0;
};

/// One MCU: everything the core can touch.
struct McuDesc {
    std::string name; ///< "STM32L4R5ZI"
    McuFamily family = McuFamily::Other;
    CoreDesc core;
    Hertz resetClock = 0;
    Hertz maxClock = 0;
    std::vector<MemoryDesc> memories;
    std::vector<PeripheralDesc> peripherals;
    std::vector<std::string> irqNames;              ///< by NVIC number; "" where reserved
    std::string source;                             ///< reference manual and data sheet
    std::map<Address, RegisterInfo> registers = {}; ///< names and reset values of what no peripheral models
    std::optional<Address> imageStart = {};   ///< where images in flash begin that a boot ROM starts (RP2040); without
                                              ///< one at the board's vector table
    std::optional<Address> imageVectors = {}; ///< vector table of such an image
};

/// A sensor on a bus or an analogue input of the board.
struct SensorDesc {
    std::string bus; ///< peripheral it is attached to: "I2C1", "SPI1", "ADC1"
    std::string
        place; ///< I2C address ("0x5F"), chip select pin of an SPI ("PA4"; "": always selected) or ADC channel ("5")
    std::string kind;         ///< row of the sensor table: "hts221"
    std::string samples = {}; ///< CSV, WAV or raw file with what it measures; "": at rest
};

/// One board: an MCU plus what is soldered around it.
struct BoardDesc {
    std::string name;  ///< "stm32f746g-disco", the name on the command line
    std::string title; ///< "STM32F746G-DISCO"
    std::shared_ptr<const McuDesc> mcu;
    std::map<std::string, Hertz> oscillators; ///< "HSE" -> 25 MHz
    std::string console;                      ///< peripheral whose output is the console: "USART1"
    std::vector<SupplyPoint> supplies;        ///< the first is the default
    std::map<std::string, bool> pins = {};    ///< level that the board drives a pin to from outside: "PC13" -> high
    std::vector<SensorDesc> sensors = {};
    bool startsInRom = false; ///< with an image in flash the core always starts at vectorTable, which is a boot ROM
                              ///< that finds the image (RP2040)
    Address vectorTable = 0;  ///< where the core finds SP and PC at reset when the image does not say otherwise
    std::vector<std::string> assumptions; ///< printed in every report of this board
    std::string source;
};

} // namespace simprof
