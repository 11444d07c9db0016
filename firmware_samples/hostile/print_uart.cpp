// SPDX-License-Identifier: GPL-2.0-or-later
// Prints without end on the console UART, and counts in between so that no two lines are equal.
#include "bsp/board.h"

int main() {
    boardInit();
    for (std::uint32_t line = 0;; ++line) {
        printUnsigned(line);
        print("\n");
    }
}
