// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <string>
#include <vector>

namespace simprof {

/// What the layers of one operator took together.
struct OperatorSum {
    std::string op; ///< "" of layers whose operator is not known
    std::size_t layers = 0;
    Cycles cycles = 0;
    double timeUs = 0;
    double energyUj = 0;
    bool operator==(const OperatorSum&) const = default;
};

/// One row an operator, most cycles first; a network of a hundred layers stays readable.
std::vector<OperatorSum> sumsByOperator(const Profile& profile);

} // namespace simprof
