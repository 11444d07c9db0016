// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <vector>

namespace simprof {

/// The first bytes of the ROM at address 0; the rest is zero.
std::vector<std::uint8_t> rp2040Rom();

/// Where in SYSINFO it says why it goes on to USB boot, and what it stores there.
inline constexpr std::uint32_t kRp2040RomReport = 0xFFC, kRp2040RomRefusal = 0x55534231, kRp2040RomUsbBoot = 0x55534232;

} // namespace simprof
