// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace simprof {

/// One observed data access of a block, in program order.
struct Access {
    Address address = 0;
    std::uint8_t size = 0; ///< bytes
    bool write = false;
    std::uint16_t insn = 0; ///< offset of its instruction from the block's begin
};

/// Accesses are compared in steps of so many: as many behind the last one can be read, whatever they are.
inline constexpr std::size_t kAccessStep = 4;

/// The data accesses of one execution of a block, in program order.
struct Accesses : std::span<const Access> {
    using std::span<const Access>::span;
    Accesses(std::span<const Access> all, std::uint32_t number = 0)
        : std::span<const Access>(all)
        , pattern(number) {}
    /// Executions of one block with equal numbers made as many naturally aligned accesses, each in the same 4 KiB; 0:
    /// nothing is known.
    std::uint32_t pattern = 0;
};

} // namespace simprof
