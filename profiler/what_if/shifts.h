// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/symbols/symbol_table.h"
#include "sim_core/image/firmware_image.h"
#include "sim_core/timing/timing_changes.h"

#include <optional>
#include <string>
#include <vector>

namespace simprof {

/// By how many bytes code is shifted, in the words of --what-if shift=2..32: every multiple of the first up to the
/// second. Nothing when no shift is asked for; throws Error when one is and makes no sense.
std::optional<std::vector<unsigned>> shiftsOf(const std::vector<std::string>& texts);

/// All functions `bytes` further on, with their literals at the next word that is as aligned; data stays where it is.
TimingChanges shiftedCode(unsigned bytes, const SymbolTable& symbols, const FirmwareImage& image);

} // namespace simprof
