// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/heap_log.h"
#include "profiler/profile_memory.h"
#include "profiler/symbols/symbol_table.h"

namespace simprof {

/// Adds who allocated what, or why that is not known.
void addAllocations(const HeapLog& log, const SymbolTable& symbols, HeapUse& heap);

} // namespace simprof
