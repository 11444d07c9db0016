// SPDX-License-Identifier: GPL-2.0-or-later
/// One function: its source and its instructions, with what each cost.
#pragma once
#include "profiler/profile.h"
#include "profiler/report/table.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace simprof {

/// A run of instructions of one source line, in the order of addresses.
struct AnnotatedLine {
    std::string file;
    std::uint32_t line = 0;
    std::string source; ///< "" when not found
    Cycles cycles = 0;
    std::vector<const InstructionInfo*> instructions; ///< into the profile, which must outlive the annotation
};

struct Annotation {
    const FunctionInfo* function = nullptr; ///< into the profile
    Cycles cycles = 0;                      ///< of its instructions
    Cycles totalCycles = 0;                 ///< of the run
    bool sourceFound = false;
    std::vector<AnnotatedLine> lines;
};

/// Functions a name may mean: the exact name, or without parameters, or without scopes; "0x…": the one at that address.
std::vector<std::size_t> findFunctions(const Profile& profile, const std::string& symbol);

/// Gives the lines of a source file, when it is there.
using SourceLines = std::function<std::optional<std::vector<std::string>>(const std::string& file)>;

/// Throws Error when the profile has no instructions of the function.
Annotation annotateFunction(const Profile& profile, std::size_t function, const SourceLines& sources);

std::string annotationText(const Annotation& annotation, const TextStyle& style);
std::string annotationJson(const Annotation& annotation);

} // namespace simprof
