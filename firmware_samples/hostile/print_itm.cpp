// SPDX-License-Identifier: GPL-2.0-or-later
// Prints without end by ITM port 0, as fast as a store.
#include "bsp/cortex_m.h"

int main() {
    REGISTER(0xE000EDFC) |= 1U << 24; // DEMCR.TRCENA
    ITM_LAR = 0xC5ACCE55;
    ITM_TCR = 1;
    ITM_TER = 1;
    for (;;) {
        ITM_STIM(0) = 0x64636261;
    }
}
