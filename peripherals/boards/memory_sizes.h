// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/machine_desc.h"

#include <cstdint>
#include <map>
#include <string>

namespace simprof {

/// Gives memories of a known MCU other sizes in bytes, and the ranges that show the same bytes. Returns what is wrong
/// and in `wrong` with which of them, or "".
std::string resizeMemories(McuDesc& mcu, const std::map<std::string, std::uint32_t>& sizes, std::string& wrong);

} // namespace simprof
