// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/firmware_run.h"
#include "profiler/report/table.h"

#include <string>
#include <vector>

namespace simprof {

/// Cycles of one layer, or of the whole run, over all places of the code.
struct PlacementRow {
    std::string name;
    Cycles plain = 0; ///< as it is
    Cycles least = 0; ///< over all shifts, as it is included
    Cycles most = 0;
};

/// How much of a number is luck of alignment.
struct PlacementSpread {
    std::string firmware;
    std::string board;
    std::vector<unsigned> shifts;   ///< bytes
    std::vector<PlacementRow> rows; ///< the layers, then owners that are none, then the whole run
};

/// Runs the firmware with its code shifted by each of `shifts`; throws Error when a run shows other layers.
PlacementSpread placementSpread(FirmwareRun& run, const std::vector<unsigned>& shifts);

/// As "text", "json", "csv" or "markdown"; throws Error for another format.
std::string writeSpread(const PlacementSpread& spread, const std::string& format, const TextStyle& style);

} // namespace simprof
