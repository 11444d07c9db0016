// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <vector>

namespace simprof {

/// The first bytes of the ROM at address 0; the rest is zero.
std::vector<std::uint8_t> rp2040Rom();

} // namespace simprof
