// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/recogniser.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/memory/address_space.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// What is known of a firmware before a runtime is looked for in it.
struct FirmwareFacts {
    std::span<const NetworkImage> networks; ///< flatbuffers in the image, by address
    std::string networkSearch;              ///< what was found in search of them, as a clause
    const SymbolTable& symbols;
    std::function<const CallTree&()>
        calls;                          ///< of the newest pass, which may be in progress; runs one if there was none
    const Network* model = nullptr;     ///< given by the user for a firmware that holds none; or null
    std::vector<AddressRange> rom = {}; ///< boot ROMs of the microcontroller
    bool expected = false;              ///< the user says that the firmware infers
    std::vector<Address> hosts = {};    ///< functions whose calls are layers, as the user says
};

/// Makes a recogniser for one pass on a machine with this memory.
using MakeRecogniser = std::function<std::unique_ptr<Recogniser>(const AddressSpace&)>;

/// Tells candidates apart that are found by calls; empty for others.
using CandidateId = std::vector<Address>;

/// One way in which a runtime may show itself, to be tried in a pass.
struct Candidate {
    MakeRecogniser makeRecogniser;
    CandidateId id{};
    Address awaited = 0;  ///< a function whose next call may show that it repeats
    bool repeats = false; ///< layers ran more than once
};

/// How a runtime may show itself in a firmware.
struct Candidates {
    std::vector<Candidate> candidates; ///< in the order in which to try them, each in a pass of its own
    std::string whyNone;               ///< clause for when there are none
    std::optional<Candidate> guess{};  ///< the first of them, if it does not repeat yet, as it may be once it does
};

/// One ML runtime: its name in the profile and how it is looked for. The facts outlive the recognisers.
struct Runtime {
    const char* name;
    Candidates (*look)(const FirmwareFacts& facts);
    bool byCalls = false; ///< seen in the calls of a pass, so that it may be looked for while one is in progress
};

/// All runtimes that are known, the most particular first.
std::span<const Runtime> runtimes();

} // namespace simprof
