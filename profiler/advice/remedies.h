// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/firmware_run.h"

#include <string>
#include <vector>

namespace simprof {

/// A change that may save time. The first of `whatIf` that the board can do is meant.
struct Remedy {
    std::string title;                ///< "weights in another memory"; the memory is added
    std::string target;               ///< as in Finding
    std::string select;               ///< what is placed; "" for a setting
    std::vector<std::string> changes; ///< memories, the best first; of a setting the whole --what-if
    std::string how;                  ///< "{}" is the memory's name
    bool partOfAll = false;           ///< lies in what another one places
};

/// From the functions, the layers, the memories and the settings of a run.
std::vector<Remedy> remediesOf(FirmwareRun& run);

} // namespace simprof
