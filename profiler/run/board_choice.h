// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile_run.h"
#include "sim_core/machine_desc.h"

#include <memory>
#include <string>

namespace simprof {

/// A board and what holds it when it is no built-in one as it is.
struct ChosenBoard {
    const BoardDesc* board = nullptr;
    std::string why;
    std::string doubt; ///< not empty: the board is a guess among equals
    std::shared_ptr<const BoardDesc> own;
};

/// The board that the user named or that fits the image, with the user's register names and sensors; throws Error.
ChosenBoard chooseBoard(const FirmwareImage& image, const RunOptions& options);

} // namespace simprof
