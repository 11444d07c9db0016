// SPDX-License-Identifier: GPL-2.0-or-later
// Falls asleep and is woken again every few cycles.
#include "bsp/cortex_m.h"

extern "C" void SysTick_Handler() {}

int main() {
    SYST_RVR = 60;
    SYST_CSR = 7;
    for (;;) {
        asm volatile("wfi");
    }
}
