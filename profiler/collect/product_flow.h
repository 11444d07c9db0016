// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/decode/decoder.h"

#include <cstdint>
#include <span>

namespace simprof {

/// The multiply-accumulates that a block's instructions make: products that are added to each other, to a register that
/// keeps its sum, or to a sum kept in memory. One that becomes part of an address is none, nor is one that scales a
/// result.
std::uint32_t macsOf(std::span<const DecodedInsn> insns);

} // namespace simprof
