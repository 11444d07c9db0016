// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/machine_desc.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace simprof {

/// Microcontrollers that a UF2 file is for, by the family identifier in its blocks.
struct Uf2Family {
    std::uint32_t id;
    std::string_view name;
    std::string_view mcu; ///< how the names of those that boards here have begin; empty: none has one

    bool isOf(const McuDesc& other) const { return !mcu.empty() && other.name.starts_with(mcu); }
};

/// Nothing where the file names no family, or one that is not listed here.
const Uf2Family* uf2Family(std::optional<std::uint32_t> id);

} // namespace simprof
