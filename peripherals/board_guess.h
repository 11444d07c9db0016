// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"
#include "sim_core/machine_desc.h"

#include <string>

namespace simprof {

/// A board chosen for an image, and the sentence that says why.
struct BoardGuess {
    const BoardDesc* board = nullptr;
    std::string why;
};

/// The built-in board that fits best: its memories hold all loaded bytes, its core runs the code, the initial stack
/// pointer lies in its SRAM. Throws Error naming what did not fit when there is none.
BoardGuess guessBoard(const FirmwareImage& image);

} // namespace simprof
