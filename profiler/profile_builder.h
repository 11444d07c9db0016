// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/collector.h"
#include "profiler/network/network.h"
#include "profiler/profile_run.h"
#include "profiler/runtimes/spine.h"
#include "profiler/symbols/line_table.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/machine.h"

namespace simprof {

/// All a profile is derived from after a run.
struct RunRecord {
    const FirmwareImage& image;
    const RunOptions& options;
    const BoardDesc& board;
    std::string boardWhy;
    Machine& machine;
    Collector& collector;
    SymbolTable& symbols;
    const LineTable& lines;
    HaltReason halt;
    const NetworkImage* network = nullptr;  ///< set when the TFLM recogniser found the layers
    const SpineRecogniser* spine = nullptr; ///< set when the spine rule did
    ProfileNetwork networkInfo;
    std::string console;
    std::vector<PrintSpan> prints;
    std::vector<ThreadInfo> threads;
    std::vector<ThreadSpan> threadSpans;
};

/// Derives the profile; checks that all cycles have an owner.
Profile buildProfile(const RunRecord& record);

} // namespace simprof
