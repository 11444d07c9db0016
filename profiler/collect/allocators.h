// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/symbols/symbol_table.h"

#include <cstdint>
#include <map>
#include <string>

namespace simprof {

/// A function that hands memory out or takes it back.
struct Allocator {
    enum class Kind : std::uint8_t {
        Allocate,   ///< (size)
        Zeroed,     ///< (count, size)
        Reallocate, ///< (block, size)
        Free,       ///< (block)
    };
    Kind kind = Kind::Allocate;
    std::uint8_t argument = 0; ///< register of the first of these
    std::string name;
};

/// The allocators that the image names, by entry: those of the C library, of C++, FreeRTOS, Zephyr and ChibiOS.
std::map<Address, Allocator> allocatorsOf(const SymbolTable& symbols);

} // namespace simprof
