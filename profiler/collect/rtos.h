// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/symbols/symbol_table.h"
#include "sim_core/host/semihosting.h"

#include <cstdint>
#include <optional>
#include <span>

namespace simprof {

/// Where the fields of a thread's control block are: offsets from its first byte.
struct ThreadFields {
    std::optional<std::uint32_t> name;
    bool nameIsPointer = false;
    std::optional<std::uint32_t> savedSp = {};   ///< stack pointer of a thread that waits
    std::optional<std::uint32_t> stackBase = {}; ///< lowest address of its stack
};

/// How the running thread is found in an image.
struct RtosLayout {
    Address current = 0; ///< of the pointer to the running thread's block
    ThreadFields fields;
};

/// One RTOS: the variable by which an image shows that it has it, and how it keeps its threads.
struct Rtos {
    const char* name;
    const char* variable;
    std::uint32_t current; ///< offset in the variable of the pointer to the running thread's block
    ThreadFields fields;
    /// Where the image itself says where its fields are: corrects the layout.
    void (*readLayout)(RtosLayout& layout, Address variable, const SymbolTable& symbols,
                       const SemihostingHost& memory) = nullptr;
    /// Where fields lie differently in each configuration of the RTOS: those of `block`.
    ThreadFields (*fieldsOf)(const ThreadFields& usual, Address block, const SemihostingHost& memory) = nullptr;
};

/// All RTOSes that are known; an image is taken for the first whose variable it has.
std::span<const Rtos> rtoses();

/// The little-endian word at an address; nothing where no memory is.
std::optional<std::uint32_t> guestWord(const SemihostingHost& memory, Address address);

} // namespace simprof
