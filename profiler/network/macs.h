// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/network/network.h"

#include <cstdint>
#include <span>

namespace simprof {

/// How often an operator multiplies and adds up in one run, or why its tensors cannot be those of such an operator.
struct MacCount {
    std::uint64_t macs = 0;
    const char* wrong = nullptr; ///< "lacks an input"; null when all is well

    bool operator==(const MacCount&) const = default;
};

/// Output values times what is added up for each, padding included; of recurrent operators the products with their
/// matrices, in all time steps; 0 for operators that add up no products.
MacCount macsOf(const NetworkOperator& op, std::span<const NetworkTensor> tensors);

} // namespace simprof
