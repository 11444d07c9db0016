// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"

namespace simprof {

/// Whether the bytes start with the two magic numbers of a UF2 block.
bool looksLikeUf2(std::span<const std::byte> file);

/// Fills segments from image.file, a UF2 file of 512-byte blocks; throws Error on a damaged one or one for another kind
/// of core.
void loadUf2(FirmwareImage& image);

} // namespace simprof
