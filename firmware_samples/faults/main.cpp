// SPDX-License-Identifier: GPL-2.0-or-later
// The frame of every fault sample: prints, faults, and exits with 1 where the fault did not come. No sample handles its
// fault: the default handler of the vector table is an endless loop.
#include "bsp/board.h"

void provoke();

int main() {
    boardInit();
    print("before the fault\n");
    consoleFlush();
    provoke();
    print("after the fault\n");
    return 1;
}
