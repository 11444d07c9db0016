// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/heap_log.h"
#include "profiler/collect/ledger.h"
#include "profiler/collect/tally.h"
#include "sim_core/units.h"

#include <cstdint>
#include <vector>

namespace simprof {

/// One function in progress.
struct Frame {
    Address entry = 0;
    Address returnAddress = 0;
    Address sp = 0;        ///< stack pointer when it was called
    std::int32_t node = 0; ///< of the call tree
    bool tailCall = false; ///< returns to its caller's caller
    Cycles start = 0;
    RowId layer = kNoRow;        ///< layer it works for
    bool startsLayer = false;    ///< its return ends the layer's span
    std::int32_t network = -1;   ///< it, or a caller of it, runs the layers of that network's open inference
    bool hostsInference = false; ///< of `network`: it calls the layers, its return ends the inference
    bool hasHosted = false;      ///< an earlier inference ran in this same call
    HeapCall heap;
    // of the call that led here; a tail call is part of the call before, as it is where no symbol tells it from a
    // branch
    Cycles called = 0;         ///< when
    RowId entryOwner = kNoRow; ///< owner of what was in no inference then; kNoRow: not known
    Tally atEntry;             ///< what that owner had taken by then
};

/// The functions in progress of one thread or handler, innermost last.
using FrameStack = std::vector<Frame>;

} // namespace simprof
