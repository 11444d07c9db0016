// SPDX-License-Identifier: GPL-2.0-or-later
/// Encodings of Thumb instructions with places for registers and constants, one row each.
#pragma once
#include "tests/differential/random.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace simprof::differential {

/// What a form is for; cases choose forms by these.
enum class FormKind : std::uint8_t { Alu, Memory, Fp, FpMemory, Double, DoubleMemory, Status, Undefined };

/// Cores that a form is made for, as bits.
enum FormCores : std::uint8_t { kOnM0 = 1, kOnM4 = 2, kOnM7 = 4, kOnV7 = kOnM4 | kOnM7, kOnAll = kOnM0 | kOnV7 };

/// One encoding (Armv7-M ARM, A5 to A7; Armv6-M ARM, A5 and A6). Letters are places:
///   d e  registers that are written; e differs from all registers before it
///   n m a  registers that are read;  M  the same as m;  s  a register that is stored and is no base
///   b  a base register;  x  a register with a small index;  ?  any bit
struct Form {
    std::string_view bits;
    FormKind kind = FormKind::Alu;
    std::uint8_t cores = kOnAll;
};
std::span<const Form> forms();

/// Which registers a case keeps for addresses. All others hold anything.
struct Roles {
    std::vector<std::uint32_t> bases; ///< the first two are low ones
    std::uint32_t index = 0;          ///< a low one
    std::uint32_t nowhere = 13;       ///< a low one that points to where nothing answers; 13: there is none
    bool accessesNowhere = false;     ///< that one is the base of each access; the bases keep what they hold
    bool keeps(std::uint32_t number) const;
    /// A register that may be written; among R0 to R7 where only three bits name it.
    std::uint32_t destination(Random& random, bool low) const;
    std::uint32_t source(Random& random, bool low) const;
    std::uint32_t base(Random& random, bool low) const;
};

/// An instruction: one halfword, or the first one in the upper half.
struct Encoding {
    std::uint32_t bits = 0;
    bool wide = false;
};
Encoding encode(const Form& form, const Roles& roles, Random& random);

} // namespace simprof::differential
