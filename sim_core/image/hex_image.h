// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"

namespace simprof {

/// Whether the bytes look like Intel HEX text: a first line of ':' and hexadecimal digits.
bool looksLikeHex(std::span<const std::byte> file);

/// Fills segments and entry from image.file, an Intel HEX text with records 00 to 05 or a universal HEX of the
/// micro:bit (records 0A to 0E): then the section of the V1 is taken, or the only one there is. What lies behind the
/// end-of-file record is ignored; notes say both. Throws Error naming the line that is wrong.
void loadHex(FirmwareImage& image);

} // namespace simprof
