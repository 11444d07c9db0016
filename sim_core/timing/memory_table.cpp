// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/timing/memory_table.h"

namespace simprof {
namespace {

constexpr FlashRow kFlashRows[] = {
    {.name = "stm32l4_flash",
     .title = "STM32L4/L4+ flash interface",
     .unitBytes = 16,
     .icacheLines = 32,
     .icacheLineBytes = 32,
     .dcacheLines = 8,
     .dcacheLineBytes = 32,
     .dataHitWaits = 1,
     .branchHitWaitsAtZero = 1,
     .prefetchStart = 0,
     .prefetchStore = 1,
     .prefetchHoldsBranches = true,
     .prefetchForgets = true,
     .hasPrefetch = true,
     .reset = {.waitStates = 0, .icache = true, .dcache = true},
     .source = "ST RM0432 3.3.5 and FLASH_ACR (reset 0x600); RM0351 3.3.4; behaviour at 5 wait states as NUCLEO-L4R5ZI "
               "measures"},
    {.name = "stm32f4_art",
     .title = "STM32F4 ART accelerator",
     .unitBytes = 16,
     .icacheLines = 64,
     .icacheLineBytes = 16,
     .dcacheLines = 8,
     .dcacheLineBytes = 16,
     .dataHitWaits = 1,
     .branchHitWaitsAtZero = 1,
     .prefetchStart = 0,
     .prefetchStore = 1,
     .prefetchHoldsBranches = true,
     .prefetchForgets = true,
     .hasPrefetch = true,
     .reset = {},
     .source = "ST RM0090 3.5.2 (64 x 128-bit instruction, 8 x 128-bit data lines, prefetch)"},
    {.name = "stm32f7_itcm",
     .title = "STM32F7 ART accelerator on ITCM",
     .unitBytes = 32,
     .icacheLines = 64,
     .icacheLineBytes = 32,
     .unified = true,
     .prefetchFills = true,
     .hasPrefetch = true,
     .reset = {},
     .source = "ST RM0385 3.3.2 (64 x 256-bit lines, prefetch)"},
    {.name = "stm32g0_flash",
     .title = "STM32G0 flash interface",
     .unitBytes = 8,
     .icacheLines = 2,
     .icacheLineBytes = 16,
     .dataBuffer = false,
     .branchMissWaits = 1,
     .hasPrefetch = true,
     .reset = {.icache = true},
     .source = "ST RM0444 3.3.4 and FLASH_ACR (reset 0x40600); data reads as NUCLEO-G0B1RE measures"},
    {.name = "stm32l0_flash",
     .title = "STM32L0 NVM interface",
     .unitBytes = 4,
     .dataBuffer = false,
     .hasPrefetch = true,
     .reset = {},
     .source = "ST RM0376 3.3.3 (32-bit NVM, prefetch buffer)"},
    {.name = "nrf52_flash",
     .title = "nRF52 flash and instruction cache",
     .unitBytes = 16,
     .icacheLines = 128,
     .icacheLineBytes = 16,
     .icacheWays = 2,
     .dataBuffer = false,
     .fixedWaits = true,
     .reset = {.waitStates = 2},
     .source = "Nordic nRF52840 PS v1.7 4.3 (NVMC ICACHECNF: code bus only), 5.3 CPU (flash waits at 64 MHz); geometry "
               "assumed"},
    {.name = "nrf51_flash",
     .title = "nRF51 flash",
     .unitBytes = 4,
     .dataBuffer = false,
     .fixedWaits = true,
     .reset = {},
     .source = "Nordic nRF51 RM v3.0 (16 MHz, zero wait)"},
    {.name = "rp2040_xip",
     .title = "RP2040 XIP cache",
     .unitBytes = 8,
     .icacheLines = 2048,
     .icacheLineBytes = 8,
     .icacheWays = 2,
     .unified = true,
     .fixedWaits = true,
     .reset = {.waitStates = 56, .icache = true, .dcache = true},
     .source =
         "Raspberry Pi RP2040 datasheet 2.6.3 (16 KiB, two-way, 8-byte lines), 4.10.13 (a miss: command, address, "
         "wait cycles and 64 bits at the divider that SSI has; unset: 8 + 4 + 16 clocks at half the core clock, "
         "a quad read with its command left out)"},
    {.name = "apollo3_flash",
     .title = "Apollo3 flash cache",
     .unitBytes = 16,
     .icacheLines = 1024,
     .icacheLineBytes = 16,
     .icacheWays = 2,
     .unified = true,
     .missWaits = 5,
     .reset = {.icache = true, .dcache = true},
     .source = "Ambiq Apollo3 Blue datasheet 3.4 (16 KiB flash cache, 128-bit lines)"},
};

constexpr AxiRow kAxiRows[] = {
    {.name = "stm32f7_axi",
     .title = "STM32F7 flash on AXI",
     .lineBusyCycles = 8,
     .reset = {},
     .source = "ST RM0385 3.3 (256-bit flash word; ART serves ITCM only)"},
    {.name = "stm32f7_sram",
     .title = "STM32F7 SRAM1/2",
     .accessCycles = 2,
     .lineBusyCycles = 8,
     .beatCycles = 2,
     .reset = {},
     .source = "ST RM0385 2.1 (32-bit AHB behind the AXI bridge)"},
    {.name = "stm32h7_flash",
     .title = "STM32H74x flash on AXI",
     .lineBusyCycles = 4,
     .reset = {.waitStates = 7},
     .source = "ST RM0433 4.3 (256-bit flash word, FLASH_ACR reset 0x37)"},
    {.name = "stm32h7a3_flash",
     .title = "STM32H7A3 flash on AXI",
     .lineReads = 2,
     .reset = {.waitStates = 3},
     .source = "ST RM0455 4.3 (128-bit flash word, FLASH_ACR reset 0x13)"},
    {.name = "stm32h7_axi_sram",
     .title = "STM32H7 AXI SRAM",
     .accessCycles = 1,
     .lineBusyCycles = 4,
     .reset = {},
     .source = "ST RM0433 2.1 (64-bit AXI)"},
    {.name = "stm32h7_ahb_sram",
     .title = "STM32H7 SRAM1-4 (D2, D3)",
     .interconnect = 8,
     .accessCycles = 2,
     .lineBusyCycles = 8,
     .beatCycles = 2,
     .reset = {},
     .source = "ST RM0433 2.1 (32-bit AHB in another domain)"},
};

constexpr ZeroWaitRow kZeroWaitRows[] = {
    {"stm32_sram", "ST RM0090 2.3.1, RM0351 and RM0432 2.3, RM0444 2.3, RM0367 2.3: embedded SRAM at the speed of the "
                   "CPU, no wait states"},
    {"stm32f4_ccm", "ST RM0090 2.3.1: core-coupled memory at the speed of the CPU, on its data bus alone", true},
    {"nordic_ram", "Nordic nRF51 RM and nRF52840 PS, memory: RAM blocks on the AHB matrix without wait states"},
    {"rp2040_sram", "Raspberry Pi RP2040 datasheet 2.1, 2.6: SRAM banks and ROM answer in one cycle"},
    {"apollo3_tcm", "Ambiq Apollo3 Blue datasheet, memory: 64 KiB of tightly coupled memory without wait states"},
};

} // namespace

const FlashRow* findFlashRow(std::string_view name) {
    for (const FlashRow& row : kFlashRows) {
        if (row.name == name) {
            return &row;
        }
    }
    return nullptr;
}

const AxiRow* findAxiRow(std::string_view name) {
    for (const AxiRow& row : kAxiRows) {
        if (row.name == name) {
            return &row;
        }
    }
    return nullptr;
}

const ZeroWaitRow* findZeroWaitRow(std::string_view name) {
    for (const ZeroWaitRow& row : kZeroWaitRows) {
        if (row.name == name) {
            return &row;
        }
    }
    return nullptr;
}

MemoryTiming memoryTiming(const MemoryDesc& memory) {
    if (const FlashRow* row = findFlashRow(memory.timing)) {
        return {std::string(row->title), std::string(row->source)};
    }
    if (const AxiRow* row = findAxiRow(memory.timing)) {
        return {std::string(row->title), std::string(row->source)};
    }
    if (const ZeroWaitRow* row = findZeroWaitRow(memory.timing)) {
        return {"no wait states", std::string(row->source)};
    }
    if (memory.kind == MemoryKind::Itcm || memory.kind == MemoryKind::Dtcm) {
        return {"no wait states", "Arm DDI 0489 (tightly coupled memory)"};
    }
    return {"assumed without wait states", ""};
}

} // namespace simprof
