// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/check.h"
#include "core/exceptions.h"
#include "core/handlers.h"
#include "core/trace.h"

namespace {

template<char letter>
void note() {
    mark(letter);
}

#if __ARM_ARCH >= 7
void setBasepri(std::uint32_t value) { asm volatile("msr basepri, %0\n isb" ::"r"(value) : "memory"); }

void raiseBasepri(std::uint32_t value) { asm volatile("msr basepri_max, %0\n isb" ::"r"(value) : "memory"); }

std::uint32_t readBasepri() {
    std::uint32_t value;
    asm volatile("mrs %0, basepri" : "=r"(value));
    return value;
}

std::uint32_t readFaultmask() {
    std::uint32_t value;
    asm volatile("mrs %0, faultmask" : "=r"(value));
    return value;
}

void setFaultmaskInHandler() {
    asm volatile("cpsid f" ::: "memory");
    mark('f');
    pend(0);
    mark('g');
}

void checkBasepri() {
    traceClear();
    setBasepri(0x80);
    pend(1); // 0x80: masked
    pend(0); // 0x40: not
    mark('-');
    setBasepri(0);
    instructionBarrier();
    expectText("basepri: masks its own priority and below", trace, "0-1");
    raiseBasepri(0xA0);
    raiseBasepri(0xC0);
    expectEqual("basepri_max: only raises", readBasepri(), 0xA0);
    setBasepri(0);

    traceClear();
    asm volatile("cpsid f\n isb" ::: "memory");
    expectEqual("faultmask: reads 1", readFaultmask(), 1);
    pend(0);
    SCB_ICSR = 1U << 31; // NMIPENDSET
    dataBarrier();
    instructionBarrier();
    mark('-');
    asm volatile("cpsie f\n isb" ::: "memory");
    expectText("faultmask: masks all but NMI", trace, "N-0");

    irqAction[1] = setFaultmaskInHandler;
    traceClear();
    pend(1);
    expectText("faultmask: cleared by the return from a handler", trace, "fg0");
    expectEqual("faultmask: reads 0", readFaultmask(), 0);
}
#endif

} // namespace

void checkMasking() {
    handlersReset();
    setPriority(0, 0x40);
    setPriority(1, 0x80);
    irqAction[0] = note<'0'>;
    irqAction[1] = note<'1'>;
    nmiAction = note<'N'>;

    traceClear();
    disableInterrupts();
    expectEqual("primask: reads 1", readPrimask(), 1);
    pend(1);
    pend(0);
    mark('-');
    SCB_ICSR = 1U << 31; // NMIPENDSET
    dataBarrier();
    instructionBarrier();
    mark('-');
    enableInterrupts();
    instructionBarrier();
    expectText("primask: masks all but NMI", trace, "-N-01");
#if __ARM_ARCH >= 7
    checkBasepri();
#endif
    nmiAction = nullptr;
    handlersReset();
}
