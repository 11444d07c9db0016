// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <vector>

namespace simprof {

/// The first bytes of the ROM at address 0; the rest is zero. Version 3 (chip B2), whose tables hold those of all.
std::vector<std::uint8_t> rp2040Rom();

/// Where in SYSINFO it says why it goes on to USB boot, and what it stores there.
inline constexpr std::uint32_t kRp2040RomReport = 0xFFC, kRp2040RomRefusal = 0x55534231, kRp2040RomUsbBoot = 0x55534232;

/// Where in SYSINFO its stubs hand over r0 to r3, call a function by its number, and read how many rounds of three
/// cycles it takes; r0 to r3 come back where they went.
inline constexpr std::uint32_t kRp2040RomData = 0xF80, kRp2040RomCall = 0xF90, kRp2040RomRounds = 0xF94;

/// Numbers of functions: 32 each of the float and the double table, then the others.
inline constexpr unsigned kRp2040FloatFunctions = 32, kRp2040RomFloat = 0, kRp2040RomDouble = 32, kRp2040RomErase = 64,
                          kRp2040RomProgram = 65, kRp2040RomUnknown = 66, kRp2040RomWaitForVector = 67;

} // namespace simprof
