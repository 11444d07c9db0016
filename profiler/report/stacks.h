// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <string>
#include <vector>

namespace simprof {

/// A call stack, outermost function first, and the cycles of its innermost function alone.
struct StackSample {
    std::vector<std::int32_t> functions; ///< indices into Profile::functions
    Cycles cycles = 0;
};

/// All stacks with cycles of their own, equal ones merged, sorted. A recursion deeper than 256 is folded into its last
/// frame.
std::vector<StackSample> stackSamples(const Profile& profile);

/// A function's name with what collapsed stacks and callgrind cannot hold replaced.
std::string frameName(const FunctionInfo& function);

} // namespace simprof
