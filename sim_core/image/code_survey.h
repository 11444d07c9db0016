// SPDX-License-Identifier: GPL-2.0-or-later
/// What the code in an image needs of its core and where it accesses devices, found by following it from its entries.
#pragma once
#include "sim_core/image/firmware_image.h"

#include <array>
#include <set>

namespace simprof {

/// A part of the architecture that not every core has.
enum class CodeNeed : std::uint8_t {
    Thumb2,   ///< Armv7-M: 32-bit instructions other than BL, MSR, MRS and barriers; IT, CBZ
    Dsp,      ///< Armv7E-M
    Fpu,      ///< single precision
    Double,   ///< double precision
    FpV5,     ///< VSEL, VMAXNM, VRINTA and their like
    ArmV8M,   ///< SG, BXNS, TT, LDA, STL, MSPLIM …
    ArmV8_1M, ///< low-overhead loops, MVE
};
inline constexpr std::size_t kCodeNeeds = 7;

/// What was found by following the code; costs some 200 ns for each instruction reached.
struct CodeSurvey {
    /// An instruction that shows a need.
    struct Witness {
        Address address = 0;
        std::string text;
    };
    std::array<std::optional<Witness>, kCodeNeeds> needs;
    std::size_t instructions = 0;          ///< reached, in runs that decode to their end
    std::size_t badRuns = 0;               ///< runs into an undefined instruction or out of the image
    bool entryIsCode = false;              ///< the first entry's run decodes to its end
    std::set<Address> accessed;            ///< addresses of loads and stores that follow from constants in the code
    std::set<Address> constants;           ///< literals and MOVW/MOVT pairs
    bool usesStack = false;                ///< a load or store through SP was reached
    bool setsStackItself = false;          ///< the first entry writes SP before it uses the stack
    std::optional<std::uint32_t> stackSet; ///< what it writes, when that is a constant

    const std::optional<Witness>& need(CodeNeed which) const { return needs[static_cast<std::size_t>(which)]; }
};

/// Follows the code from `entries` (Thumb bit ignored) through direct branches, calls, and jumps to constants.
CodeSurvey surveyCode(const FirmwareImage& image, std::span<const Address> entries);

} // namespace simprof
