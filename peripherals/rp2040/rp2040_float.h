// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstdint>

namespace simprof {

/// r0 to r3, at a call and on return.
using RomRegisters = std::array<std::uint32_t, 4>;

/// Whether the data sheet describes the function at this index (offset / 4) of the float and double tables.
bool romFloatIsDocumented(unsigned index);

/// A function of the boot ROM's float table or double table, by its index (RP2040 data sheet 2.8.3.2). Denormals are 0,
/// a NaN counts as infinity, conversions to integers round down and clamp.
RomRegisters romFloat(unsigned index, const RomRegisters& arguments);
RomRegisters romDouble(unsigned index, const RomRegisters& arguments);

} // namespace simprof
