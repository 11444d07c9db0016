// SPDX-License-Identifier: GPL-2.0-or-later
// Never ends: for limits, cancelling and the sentence that says so.
#include "bsp/board.h"

volatile std::uint32_t turns;

int main() {
    boardInit();
    print("spinning\n");
    for (;;) {
        turns = turns + 1;
    }
}
