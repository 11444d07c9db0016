// SPDX-License-Identifier: GPL-2.0-or-later
// Sleeps with nothing that could wake it: waits forever, and a simulator can know.
#include "bsp/board.h"

int main() {
    boardInit();
    print("sleeping\n");
    consoleFlush();
    for (;;) {
        asm volatile("wfi");
    }
}
