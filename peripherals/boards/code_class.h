// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/names.h"

#include <array>
#include <cstdint>
#include <span>

namespace simprof {

/// What kind of code takes the cycles: how far they are from a board's differs between the kinds.
enum class CodeClass : std::uint8_t {
    Unknown, ///< no network, and no line table that tells assembly from C
    Int8Network,
    FloatNetwork,
    Assembly, ///< written by hand: at least four fifths of the instructions
    Mixed,    ///< at least one fifth
    C,        ///< compiled, from whatever language
};
inline constexpr std::array<NameRow<CodeClass>, 6> kCodeClasses = {{{CodeClass::Unknown, "unknown"},
                                                                    {CodeClass::Int8Network, "int8 network"},
                                                                    {CodeClass::FloatNetwork, "float network"},
                                                                    {CodeClass::Assembly, "assembly"},
                                                                    {CodeClass::Mixed, "C with assembly"},
                                                                    {CodeClass::C, "C"}}};
constexpr std::span<const NameRow<CodeClass>> namesOf(CodeClass) { return kCodeClasses; }

} // namespace simprof
