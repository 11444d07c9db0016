// SPDX-License-Identifier: GPL-2.0-or-later
/// Random cases: a piece of code, what the core is set up to, and several sets of register values to run it with.
#pragma once
#include "sim_core/units.h"
#include "tests/differential/forms.h"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace simprof::differential {

/// One of the cores that both sides have.
struct Target {
    const char* name;    ///< as the command line has it: "m4"
    const char* machine; ///< QEMU's
    FormCores core;
    std::uint32_t codeSize; ///< bytes of memory at address 0
    unsigned runs;          ///< of each case, with other register values
    bool isV7() const { return core != kOnM0; }
};
inline constexpr Target kTargets[] = {{"m0", "microbit", kOnM0, 0x40000, 16},
                                      {"m4", "mps2-an386", kOnM4, 0x100000, 4},
                                      {"m7", "mps2-an500", kOnM7, 0x100000, 4}};

/// Register values, in the order the monitor reads them.
using Input = std::array<std::uint32_t, 49>;
enum InputWord : unsigned { kInR0, kInR12 = 4, kInLr, kInXpsr = 7, kInR4, kInS0 = 16, kInFpscr = 48 };

/// One case.
struct Case {
    std::uint32_t number = 0;
    std::uint32_t flags = 0; ///< CaseFlag
    Address stack = 0;
    std::uint32_t masks = 0;                                  ///< PRIMASK, BASEPRI << 8
    std::vector<std::pair<Address, std::uint32_t>> registers; ///< system registers to write before it starts
    std::vector<std::uint16_t> code;
    std::vector<Input> inputs;
};

/// Case `number` of this target: always the same.
Case makeCase(const Target& target, std::uint64_t seed, std::uint32_t number);

/// How the core is set up for a case; known to whoever writes its code.
struct Setting {
    bool fpu = false;      ///< FP instructions are written, be the FPU on or off
    bool fpuMoves = false; ///< the code may switch the FPU on and off
    bool exceptions = false;
    bool system = false; ///< the code changes system registers
    /// ... of which it leaves PendSV active: QEMU returns to handlers that are not.
    bool inHandler = false;
    bool nowhere = false; ///< accesses to where nothing answers
    bool beginsInIt = false;
    /// The first instruction that is sure to run uses the FPU, whose context stays active. Only then are FP
    /// instructions written into IT blocks: QEMU starts the context at the first FP instruction of a translation, run
    /// or skipped, and at none behind it.
    bool fpFirst = false;
    /// Unaligned accesses trap, and none has 8 bytes: with an MPU, QEMU asks for the rights of the first byte only,
    /// unless an access lies in two of its pages.
    bool trapsUnaligned = false;
};

/// Writes the code of a case: about `length` instructions and the SVC that ends it.
std::vector<std::uint16_t> writeCode(const Target& target, const Setting& setting, const Roles& roles, unsigned length,
                                     Random& random);

} // namespace simprof::differential
