// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/recogniser.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/memory/address_space.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// What is known of a firmware before a runtime is looked for in it.
struct FirmwareFacts {
    const NetworkImage* network = nullptr; ///< in the image; null when there is none
    std::string networkSearch;             ///< what was found in search of one, as a clause
    const SymbolTable& symbols;
    std::function<const CallTree&()> calls; ///< of an earlier pass, which it runs unless there was one
};

/// Makes a recogniser for one pass on a machine with this memory.
using MakeRecogniser = std::function<std::unique_ptr<Recogniser>(const AddressSpace&)>;

/// How a runtime may show itself in a firmware.
struct Candidates {
    std::vector<MakeRecogniser> recognisers; ///< in the order in which to try them, each in a pass of its own
    std::string whyNone;                     ///< clause for when there are none
};

/// One ML runtime: its name in the profile and how it is looked for. The facts outlive the recognisers.
struct Runtime {
    const char* name;
    Candidates (*look)(const FirmwareFacts& facts);
};

/// All runtimes that are known, the most particular first.
std::span<const Runtime> runtimes();

} // namespace simprof
