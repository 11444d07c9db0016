// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <span>
#include <string>

namespace simprof {

/// The SHA-256 digest (FIPS 180-4) of bytes as 64 lower-case hexadecimal digits.
std::string sha256Hex(std::span<const std::byte> bytes);

} // namespace simprof
