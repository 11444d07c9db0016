// SPDX-License-Identifier: GPL-2.0-or-later
/// What-if: what a run is timed as if, from the words of --what-if.
#pragma once
#include "profiler/network/network.h"
#include "profiler/profile.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/image/firmware_image.h"
#include "sim_core/machine_desc.h"
#include "sim_core/timing/timing_changes.h"

#include <map>
#include <string>
#include <vector>

namespace simprof {

/// What selections are looked up in: the firmware and a run of it as it is.
struct WhatIfFacts {
    const FirmwareImage& image;
    const BoardDesc& board;
    const SymbolTable& symbols;
    const std::vector<NetworkImage>& networks; ///< flatbuffers in the image
    const Profile& plain;
    std::vector<AddressRange> used;                              ///< bytes that the firmware takes, by address
    std::map<std::int32_t, std::vector<AddressRange>> constants; ///< that layers read, as measured
};

/// A what-if as the machine and the profile want it.
struct WhatIf {
    TimingChanges timing;
    std::vector<WhatIfChange> changes;
};

/// Throws Error when one of these is no SELECT=CHANGE.
void checkWhatIf(const std::vector<std::string>& texts);

/// Throws Error for what can be seen to make no sense without a run.
void checkWhatIf(const std::vector<std::string>& texts, const FirmwareImage& image, const BoardDesc& board,
                 const SymbolTable& symbols);

/// Throws Error for what names nothing, does not fit, contradicts another or is nothing that the board has.
WhatIf resolveWhatIf(const std::vector<std::string>& texts, const WhatIfFacts& facts);

} // namespace simprof
