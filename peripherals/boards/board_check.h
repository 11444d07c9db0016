// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/machine_desc.h"

#include <map>
#include <string>

namespace simprof {

/// Where a board comes from, for messages: the file and the line of each key by its path ("mcu.memories[2].base").
struct BoardSource {
    std::string file;
    mutable std::map<std::string, unsigned> lines = {};

    /// Throws Error "FILE:LINE: PATH: TEXT"; the line is that of the nearest key around PATH.
    [[noreturn]] void fail(const std::string& path, const std::string& text) const;
};

/// Throws Error when the values do not make a board: memories that overlap, peripherals of no known type, wrong wiring
/// …
void checkBoard(const BoardDesc& board, const BoardSource& source);

} // namespace simprof
