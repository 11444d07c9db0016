// SPDX-License-Identifier: GPL-2.0-or-later
// The smallest sample: clock, console, exit.
#include "bsp/board.h"

int main() {
    boardInit();
    print("hello at ");
    printUnsigned(boardClockHz());
    print(" Hz\n");
    return 0;
}
