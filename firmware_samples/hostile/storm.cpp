// SPDX-License-Identifier: GPL-2.0-or-later
// Interrupts without end: the handler makes itself pending again, SysTick and PendSV come in between.
#include "bsp/cortex_m.h"

extern "C" {
void IRQ5_Handler() {
    NVIC_ISPR(0) = 1U << 5;
    REGISTER(0xE000ED04) = 1U << 28; // ICSR.PENDSVSET
}
void PendSV_Handler() {}
void SysTick_Handler() {}
}

int main() {
    SYST_RVR = 40;
    SYST_CSR = 7;
    NVIC_ISER(0) = 1U << 5;
    NVIC_ISPR(0) = 1U << 5;
    for (;;) {
    }
}
