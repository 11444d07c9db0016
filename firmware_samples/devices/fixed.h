// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bsp/board.h"

/// Prints `value` / 10^digits with that many decimals.
inline void printFixed(std::int32_t value, unsigned digits) {
    std::uint32_t magnitude = value < 0 ? 0U - static_cast<std::uint32_t>(value) : static_cast<std::uint32_t>(value);
    std::uint32_t scale = 1;
    for (unsigned digit = 0; digit < digits; ++digit) {
        scale *= 10;
    }
    print(value < 0 ? "-" : "");
    printUnsigned(magnitude / scale);
    print(".");
    for (magnitude %= scale; scale >= 10; magnitude %= scale) {
        scale /= 10;
        printUnsigned(magnitude / scale);
    }
}
