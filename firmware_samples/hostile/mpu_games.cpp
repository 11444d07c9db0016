// SPDX-License-Identifier: GPL-2.0-or-later
// Switches MPU regions on and off with every few instructions, over its own code, stack and vector table among others.
#include "bsp/cortex_m.h"
#include "hostile/skip_faults.h"

SKIP_FAULTS()

int main() {
    std::uint32_t random = 1;
    for (;;) {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        MPU_RNR = random & 7;
        MPU_RBAR = (random & 1) != 0 ? 0x08000000 : 0x20000000 + (random & 0x0007FFE0);
        MPU_RASR = (random >> 3 & 0x17070000) | 0x1E | (random >> 9 & 0xFF00) | (random >> 5 & 0x21);
        MPU_CTRL = 4 | (random >> 20 & 3);
        asm volatile("dsb\nisb");
        MPU_CTRL = 0;
    }
}
