// SPDX-License-Identifier: GPL-2.0-or-later
// Faults that begin in a handler: FAULT names which.
#include "faults/provoke.h"

#define LOCKUP 1
#define INVPC 2
#define UNSTKERR 3

void provoke() {
#if FAULT == LOCKUP
    asm volatile(AT(first) "udf #0\n");
#else
    asm volatile("svc #0\n .global interrupted_at\n interrupted_at:\n nop\n" ::: "memory");
#endif
}

extern "C" {

#if FAULT == LOCKUP
// A fault at the priority of HardFault: the core locks up (Armv7-M ARM B1.5.15, Armv6-M ARM B1.5.9).
__attribute__((naked)) void HardFault_Handler() { asm volatile(AT(lockup) "udf #1\n"); }
#elif FAULT == INVPC
// EXC_RETURN with a reserved value in its low bits (Armv7-M ARM table B1-8).
__attribute__((naked)) void SVC_Handler() { asm volatile("ldr lr, =0xFFFFFFF5\n" AT(invpc) "bx lr\n"); }
#elif FAULT == UNSTKERR
// The frame is to be read from where nothing answers.
__attribute__((naked)) void SVC_Handler() {
    asm volatile("ldr r0, =" UNMAPPED_DATA "\n msr msp, r0\n" AT(unstkerr) "bx lr\n");
}
#endif

} // extern "C"
