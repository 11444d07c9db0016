// SPDX-License-Identifier: GPL-2.0-or-later
/// Where a run ends on request: what --until says, and the address of a symbol that it names.
#pragma once
#include "profiler/symbols/symbol_table.h"
#include "sim_core/units.h"

#include <string>

namespace simprof {

/// The address of a symbol, by raw, demangled or short name ("main", "boardExit", "net::Interpreter::invoke"), or of
/// hexadecimal digits behind 0x, for `option`; throws Error that suggests a name when there is none and adds `orElse`,
/// or lists those it may mean.
Address symbolAddress(const SymbolTable& symbols, const std::string& text, const std::string& firmware,
                      const std::string& option, const std::string& orElse);

} // namespace simprof
