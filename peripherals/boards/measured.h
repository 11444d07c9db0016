// SPDX-License-Identifier: GPL-2.0-or-later
/// What real boards measured, and what simprof says to the same code: the one table behind `simprof boards` and
/// docs/ACCURACY.md.
#pragma once
#include "peripherals/boards/code_class.h"

#include <span>
#include <string_view>

namespace simprof {

/// One case; figures are core cycles, or a ratio where `conditions` says so.
struct MeasuredCase {
    std::string_view id;
    std::string_view board; ///< as `simprof boards` names it
    CodeClass code = CodeClass::Unknown;
    std::string_view what;
    std::string_view conditions; ///< clock, wait states, caches; what differs from the board that was measured
    double measured = 0;
    double simulated = 0;
    bool fitted = false; ///< a timing rule was chosen with this case in view
    std::string_view source;

    double errorPercent() const { return 100 * (simulated / measured - 1); }
};

/// All cases, in the order of docs/ACCURACY.md; scripts/accuracy writes them.
std::span<const MeasuredCase> measuredCases();

} // namespace simprof
