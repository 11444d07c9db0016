// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"

namespace simprof {

/// Whether an image holds a semihosting call that ends the run (SYS_EXIT or SYS_EXIT_EXTENDED): BKPT 0xAB a few
/// instructions behind the constant of its operation. Nothing says that it is ever made.
bool holdsExitCall(const FirmwareImage& image);

} // namespace simprof
