// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/decode/decoder.h"

#include <cstdint>
#include <span>

namespace simprof {

/// MSR to MSP, PSP or CONTROL.
bool changesStack(const DecodedInsn& insn);

/// Does the instruction change the stack pointer, by writing it or by changing the stack?
bool movesSp(const DecodedInsn& insn);

/// How far below its value at the end of these instructions the stack pointer was in between, as far as that is known:
/// a function whose PUSH and POP lie in one block.
std::uint32_t deepestDip(std::span<const DecodedInsn> insns);

/// Does the instruction take the return address back from the stack, to LR, as a function does that ends in a jump?
bool restoresReturn(const DecodedInsn& insn);

} // namespace simprof
