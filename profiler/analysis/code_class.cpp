// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/code_class.h"

#include <algorithm>
#include <array>

namespace simprof {

namespace {

/// Shares of the instructions that lie in assembly: from the first on it is assembly, from the second on C with it.
constexpr double kAssembly = 0.8;
constexpr double kMixed = 0.2;
/// Less of the instructions with a known source says nothing of the run.
constexpr double kKnown = 0.5;

bool isAssembly(std::string_view file) {
    return file.ends_with(".s") || file.ends_with(".S") || file.ends_with(".asm");
}

} // namespace

CodeClass classOfLayers(const Multiplies& multiplies) {
    return multiplies.real > multiplies.integer ? CodeClass::FloatNetwork : CodeClass::Int8Network;
}

CodeClass classOfFunctions(std::span<const FunctionInfo> functions) {
    double all = 0;
    double known = 0;
    double assembly = 0;
    for (const FunctionInfo& function : functions) {
        const auto instructions = static_cast<double>(function.instructions);
        all += instructions;
        known += function.file.empty() ? 0 : instructions;
        assembly += isAssembly(function.file) ? instructions : 0;
    }
    if (known == 0 || known < kKnown * all) {
        return CodeClass::Unknown;
    }
    return assembly >= kAssembly * known ? CodeClass::Assembly
           : assembly >= kMixed * known  ? CodeClass::Mixed
                                         : CodeClass::C;
}

bool isSoftMultiply(std::string_view function) {
    constexpr std::array<std::string_view, 4> kNames = {"__aeabi_fmul", "__mulsf3", "__aeabi_dmul", "__muldf3"};
    return std::ranges::any_of(kNames, [function](std::string_view routine) { return function.ends_with(routine); });
}

} // namespace simprof
