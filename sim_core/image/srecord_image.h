// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"

namespace simprof {

/// Whether the bytes look like Motorola S-records: a first line of 'S', a type and hexadecimal digits.
bool looksLikeSRecord(std::span<const std::byte> file);

/// Fills segments and entry from image.file, a text of S-records of types 0 to 9; throws Error naming the line that is
/// wrong.
void loadSRecord(FirmwareImage& image);

} // namespace simprof
