// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <vector>

namespace simprof {

/// The first bytes of the ROM at 0x08000000; the rest is zero.
std::vector<std::uint8_t> apollo3Rom();

} // namespace simprof
