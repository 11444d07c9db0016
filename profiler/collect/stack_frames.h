// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/stack_path.h"
#include "profiler/profile_memory.h"
#include "profiler/symbols/symbol_table.h"

#include <vector>

namespace simprof {

/// The path by names and sizes, outermost first, of a stack that begins at `top`; the sizes sum to top - path.lowest.
/// What is no function has a name in brackets, frames of no bytes are left out.
std::vector<StackFrame> namedFrames(const StackPath& path, Address top, const SymbolTable& symbols);

} // namespace simprof
