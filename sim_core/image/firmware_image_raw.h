// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"

namespace simprof {

/// Fills segments (one) from image.file, a raw binary placed at `base` or, without one, where its vector table says it
/// belongs (baseNote then says so). Throws Error when the file is of a kind that is known to be no firmware or its
/// address cannot be told.
void loadRaw(FirmwareImage& image, std::optional<Address> base);

} // namespace simprof
