// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/symbols/symbol_table.h"

namespace simprof {

/// Where stack and heap are, as far as the linker script's symbols say; the stack grows down from stackTop.
struct MemoryBounds {
    std::optional<Address> stackTop;   ///< first address above the stack
    std::optional<Address> stackLimit; ///< lowest address that belongs to the stack
    std::optional<Address> heapBegin;
    std::optional<Address> heapLimit; ///< first address above what the heap may take
};

/// Looks up the names that the linker scripts of STM32Cube, CMSIS, newlib, the Pico SDK, IAR, armlink and others give
/// to the bounds.
MemoryBounds memoryBounds(const SymbolTable& symbols);

} // namespace simprof
