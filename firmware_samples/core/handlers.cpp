// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/handlers.h"

namespace {

void run(Action action) {
    if (action != nullptr) {
        action();
    }
}

} // namespace

void handlersReset() {
    NVIC_ICPR(0) = 0xF;
    for (unsigned irq = 0; irq < 4; ++irq) {
        irqAction[irq] = nullptr;
        setPriority(irq, 0);
    }
    NVIC_ISER(0) = 0xF;
    dataBarrier();
    instructionBarrier();
}

extern "C" {

// The naked entries keep EXC_RETURN, which the compiler may move elsewhere before a function's first line.
#define IRQ_ENTRY(number)                                                                                              \
    void irq##number##Body(std::uint32_t excReturn) {                                                                  \
        lastExcReturn = excReturn;                                                                                     \
        run(irqAction[number]);                                                                                        \
    }                                                                                                                  \
    __attribute__((naked)) void IRQ##number##_Handler() {                                                              \
        asm volatile("mov r0, lr\n ldr r1, =irq" #number "Body\n bx r1\n");                                            \
    }

IRQ_ENTRY(0)
IRQ_ENTRY(1)
IRQ_ENTRY(2)
IRQ_ENTRY(3)

void SysTick_Handler() { run(systickAction); }

void NMI_Handler() { run(nmiAction); }

void svcBody(std::uint32_t* frame) {
    const auto* instruction = reinterpret_cast<const std::uint16_t*>(frame[6] - 2);
    if (svcAction != nullptr) {
        svcAction(frame, *instruction & 0xFF);
    }
}

// The frame is on the stack that EXC_RETURN bit 2 names.
__attribute__((naked)) void SVC_Handler() {
    asm volatile("movs r0, #4\n"
                 "mov r1, lr\n"
                 "tst r0, r1\n"
                 "bne 1f\n"
                 "mrs r0, msp\n"
                 "b 2f\n"
                 "1: mrs r0, psp\n"
                 "2: ldr r1, =svcBody\n"
                 "bx r1\n");
}

} // extern "C"
