// SPDX-License-Identifier: GPL-2.0-or-later
// How a fault is written down: a function `name` whose instruction at the symbol `at_name` faults.
#pragma once

#include "bsp/cortex_m.h"

/// Assembly text: the global label of the faulting instruction.
#define AT(name) ".global at_" #name "\n at_" #name ":\n"

/// A function of nothing but `code`. Only the one that FAULT names is kept.
#define PROVOKE(name, code)                                                                                            \
    [[maybe_unused]] __attribute__((naked, noinline)) void name() { asm volatile(code "bx lr\n .ltorg\n"); }

/// Nothing answers here on the sample boards: behind SRAM in the SRAM area (RM0432 2.2, RM0385 2.2.2, RM0444 2.2).
#define UNMAPPED_DATA "0x30000000"
/// Nothing answers here: in the code area between the flash and the system memory.
#define UNMAPPED_CODE "0x18000000"
/// Never executable in the default memory map (Armv7-M ARM B3.1, Armv6-M ARM B3.1).
#define NEVER_EXECUTE "0x40000000"
