// SPDX-License-Identifier: GPL-2.0-or-later
/// What kind of code a run is, from what it executed.
#pragma once
#include "peripherals/boards/code_class.h"
#include "profiler/profile.h"

#include <span>
#include <string_view>

namespace simprof {

/// Multiplications executed: what tells networks of floating-point numbers from those of integers.
struct Multiplies {
    std::uint64_t integer = 0;
    std::uint64_t real = 0; ///< by the FPU, or by the compiler's routines where there is none
};

/// Of a run whose layers made these multiplications.
CodeClass classOfLayers(const Multiplies& multiplies);

/// Of a run without a network, by the files that its instructions are from.
CodeClass classOfFunctions(std::span<const FunctionInfo> functions);

/// A routine of the compiler that multiplies floating-point numbers without an FPU, whatever wraps it.
bool isSoftMultiply(std::string_view function);

} // namespace simprof
