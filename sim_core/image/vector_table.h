// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"
#include "sim_core/machine_desc.h"

namespace simprof {

/// A vector table of an Arm-M core, judged as a whole: stack pointer, reset, system handlers, interrupts.
struct VectorTable {
    Address at = 0;
    std::uint32_t stack = 0;       ///< bits 1:0 do not exist in SP and are cleared
    Address reset = 0;             ///< without the Thumb bit
    std::vector<Address> handlers; ///< reset first, each once, in the image
    unsigned interrupts = 0;       ///< vectors from number 16 on: up to the last that leads to a handler
};

/// The table at `at`, or nothing: SP must lie where RAMs lie, reset must be Thumb code in the image, every other system
/// vector empty or Thumb code in the image or a RAM. Words behind the first handler are code, not vectors.
std::optional<VectorTable> vectorTableAt(const FirmwareImage& image, Address at);

/// Where the image itself has its vector table when it does not lie where a board expects it: behind a header, at the
/// begin of a segment (behind filler), at a symbol of a usual name.
std::optional<Address> ownVectorTable(const FirmwareImage& image);

/// Where the core of this board takes SP and PC from at reset: the start of the flash when the image has a table there,
/// else the board's table; an image that was linked behind a boot loader it does not bring starts at its own.
Address startTable(const FirmwareImage& image, const BoardDesc& board);

} // namespace simprof
