// SPDX-License-Identifier: GPL-2.0-or-later
// Exceptions of the samples: what each handler does is a function that a check sets before it pends the exception.
#pragma once

#include "bsp/cortex_m.h"

using Action = void (*)();

/// What IRQ0_Handler .. IRQ3_Handler, SysTick_Handler and NMI_Handler do; null: nothing.
inline volatile Action irqAction[4];
inline volatile Action systickAction;
inline volatile Action nmiAction;

/// EXC_RETURN as the last handler of IRQ0..3 saw it in its link register.
inline volatile std::uint32_t lastExcReturn;

/// Stacked registers r0, r1, r2, r3, r12, lr, pc, xPSR of an SVC; `number` is the instruction's immediate.
using SvcAction = void (*)(std::uint32_t* frame, unsigned number);
inline volatile SvcAction svcAction;

/// Priority of external interrupt `irq`, 0 (first) .. 255; the upper bits that the core implements count.
inline void setPriority(unsigned irq, std::uint32_t priority) {
    modify(0xE000E400 + 4 * (irq / 4), 0xFFU << (8 * (irq % 4)), priority << (8 * (irq % 4)));
}

/// Priority of SVCall (11), PendSV (14) or SysTick (15).
inline void setSystemPriority(unsigned exception, std::uint32_t priority) {
    modify(0xE000ED18 + 4 * ((exception - 4) / 4), 0xFFU << (8 * (exception % 4)), priority << (8 * (exception % 4)));
}

/// Makes external interrupt `irq` pending and returns after it had its chance to run.
inline void pend(unsigned irq) {
    NVIC_ISPR(0) = 1U << irq;
    dataBarrier();
    instructionBarrier();
}

/// Sets all four actions to null, priorities to 0, no interrupt pending, 0..3 enabled.
void handlersReset();

inline std::uint32_t readIpsr() {
    std::uint32_t value;
    asm volatile("mrs %0, ipsr" : "=r"(value));
    return value;
}

inline std::uint32_t readControl() {
    std::uint32_t value;
    asm volatile("mrs %0, control" : "=r"(value));
    return value;
}

inline std::uint32_t readPrimask() {
    std::uint32_t value;
    asm volatile("mrs %0, primask" : "=r"(value));
    return value;
}
