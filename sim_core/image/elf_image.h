// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"

namespace simprof {

/// Whether the bytes start with the ELF magic.
bool looksLikeElf(std::span<const std::byte> file);

/// Fills segments, symbols, attributes and entry from image.file, a 32-bit little-endian Arm executable; throws Error
/// when the file is something else, is cut short, contradicts itself, or is built for a core that is not a Cortex-M0,
/// M0+, M3, M4 or M7.
void loadElf(FirmwareImage& image);

} // namespace simprof
