// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/measured.h"

namespace simprof {

std::span<const MeasuredCase> measuredCases() {
    static constexpr MeasuredCase kCases[] = {
#include "peripherals/boards/measured_rows.inc"
    };
    return kCases;
}

} // namespace simprof
