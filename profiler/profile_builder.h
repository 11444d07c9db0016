// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/collector.h"
#include "profiler/profile_run.h"
#include "profiler/symbols/line_table.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/machine.h"

namespace simprof {

/// What is known of a network, and its number with the recogniser.
struct FoundNetwork {
    ProfileNetwork info;
    std::int32_t number = 0;
};

/// All a profile is derived from after a run.
struct RunRecord {
    const FirmwareImage& image;
    const RunOptions& options;
    const BoardDesc& board;
    std::string boardWhy;
    std::string boardGuess; ///< "" when the board is no guess among equals
    Machine& machine;
    const Collector& collector;
    SymbolTable& symbols;
    const LineTable& lines;
    HaltReason halt;
    const Recogniser* recogniser = nullptr; ///< that found the layers; null when none did
    std::vector<FoundNetwork> networks;     ///< those that ran first, by first inference
    ProfileNetwork none;                    ///< why no network was recognised
    std::string console;
    std::vector<PrintSpan> prints;
    std::vector<UnwatchedText> unwatched;
    std::vector<ThreadInfo> threads;
    std::vector<ThreadSpan> threadSpans;
};

/// Derives the profile; checks that all cycles have an owner.
Profile buildProfile(const RunRecord& record);

} // namespace simprof
