// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"

namespace simprof {

/// What the first bytes of an image show to be for another kind of core ("an image for the ESP32 (Xtensa)"), or "".
std::string foreignCode(std::span<const std::byte> bytes);

/// Throws Error when the first segment of a loaded image is for another kind of core.
void refuseForeignCode(const FirmwareImage& image);

} // namespace simprof
