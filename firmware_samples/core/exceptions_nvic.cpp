// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/check.h"
#include "core/exceptions.h"
#include "core/handlers.h"
#include "core/trace.h"

namespace {

// A handler's own letters: capital when it begins, small when it ends.
template<char letter>
void beginAndEnd() {
    mark(letter);
    mark(static_cast<char>(letter + 'a' - 'A'));
}

void lowPendsMiddle() {
    mark('L');
    pend(1);
    mark('l');
}

void middlePendsHigh() {
    mark('M');
    pend(0);
    mark('m');
}

void checkNesting() {
    handlersReset();
    setPriority(2, 0xC0);
    setPriority(1, 0x80);
    setPriority(0, 0x40);
    irqAction[2] = lowPendsMiddle;
    irqAction[1] = middlePendsHigh;
    irqAction[0] = beginAndEnd<'H'>;
    traceClear();
    pend(2);
    expectText("nvic: higher priorities nest", trace, "LMHhml");

    setPriority(0, 0x80);
    traceClear();
    pend(2);
    expectText("nvic: equal priority waits", trace, "LMmHhl");
}

void checkOrder() {
    handlersReset();
    irqAction[0] = beginAndEnd<'A'>;
    irqAction[1] = beginAndEnd<'B'>;
    irqAction[2] = beginAndEnd<'C'>;
    setPriority(0, 0xC0);
    setPriority(1, 0xC0);
    setPriority(2, 0x40);
    traceClear();
    disableInterrupts();
    NVIC_ISPR(0) = 7;
    dataBarrier();
    enableInterrupts();
    instructionBarrier();
    expectText("nvic: pending ones by priority, then by number", trace, "CcAaBb");

    NVIC_ICER(0) = 2;
    traceClear();
    pend(1);
    expectText("nvic: disabled stays pending", trace, "");
    expectEqual("nvic: ISPR of a disabled interrupt", NVIC_ISPR(0) & 0xF, 2);
    NVIC_ICPR(0) = 2;
    NVIC_ISER(0) = 2;
    dataBarrier();
    instructionBarrier();
    expectText("nvic: ICPR forgets", trace, "");
    expectEqual("nvic: ISER reads enables", NVIC_ISER(0) & 0xF, 0xF);
}

std::uintptr_t stackAt[2];

void noteStack0() {
    asm volatile("mov %0, sp" : "=r"(stackAt[0]));
    mark('0');
}

void noteStack1() {
    asm volatile("mov %0, sp" : "=r"(stackAt[1]));
    mark('1');
}

void checkTailChain() {
    handlersReset();
    irqAction[0] = noteStack0;
    irqAction[1] = noteStack1;
    setPriority(1, 0x80);
    traceClear();
    disableInterrupts();
    NVIC_ISPR(0) = 3;
    dataBarrier();
    enableInterrupts();
    instructionBarrier();
    expectText("nvic: tail-chained order", trace, "01");
    expectEqual("nvic: tail-chained on the same frame", stackAt[0], stackAt[1]);
    expectEqual("nvic: EXC_RETURN to thread mode, main stack", lastExcReturn | 0x10, 0xFFFFFFF9);
}

std::uint32_t seenIcsr;
std::uint32_t seenIpsr;

void noteStatus() {
    NVIC_ISPR(0) = 4;
    dataBarrier();
    instructionBarrier();
    seenIcsr = SCB_ICSR;
    seenIpsr = readIpsr();
}

#if __ARM_ARCH >= 7
std::uint32_t seenActive;
std::uint32_t nestedRetToBase;

void noteNested() { nestedRetToBase = (SCB_ICSR >> 11) & 1; }

void noteActive() {
    seenActive = NVIC_IABR(0) & 0xF;
    pend(0);
}
#endif

void checkStatus() {
    handlersReset();
    irqAction[1] = noteStatus;
    irqAction[2] = beginAndEnd<'C'>;
    setPriority(1, 0x40);
    setPriority(2, 0x80);
    traceClear();
    pend(1);
    expectEqual("nvic: IPSR of IRQ1", seenIpsr, 17);
    expectEqual("nvic: VECTACTIVE", seenIcsr & 0x1FF, 17);
    expectEqual("nvic: VECTPENDING", (seenIcsr >> 12) & 0x1FF, 18);
    expectEqual("nvic: ISRPENDING", (seenIcsr >> 22) & 1, 1);
    expectText("nvic: lower priority follows", trace, "Cc");

    NVIC_IPR(0) = 0xFFFFFFFF;
#if __ARM_ARCH >= 7
    // RM0432 and PM0253: STM32 implements four bits of priority.
    expectEqual("nvic: implemented priority bits", NVIC_IPR(0), 0xF0F0F0F0);
    irqAction[1] = noteActive;
    irqAction[0] = noteNested;
    setPriority(0, 0);
    setPriority(1, 0x80);
    pend(1);
    expectEqual("nvic: IABR", seenActive, 2);
    expectEqual("nvic: RETTOBASE is clear in a nested handler", nestedRetToBase, 0);
    expectEqual("nvic: RETTOBASE is set in the outer one", (seenIcsr >> 11) & 1, 1);

    irqAction[3] = beginAndEnd<'S'>;
    traceClear();
    STIR = 3;
    dataBarrier();
    instructionBarrier();
    expectText("nvic: STIR pends", trace, "Ss");

    // PRIGROUP 6: one bit of group priority; 0x40 and 0x00 are in one group and do not preempt each other.
    const std::uint32_t aircr = SCB_AIRCR & 0x8700;
    SCB_AIRCR = 0x05FA0600;
    irqAction[2] = lowPendsMiddle;
    irqAction[1] = beginAndEnd<'M'>;
    setPriority(2, 0x40);
    setPriority(1, 0x00);
    traceClear();
    pend(2);
    expectText("nvic: same group does not preempt", trace, "LlMm");
    SCB_AIRCR = 0x05FA0000 | (aircr & 0x700);
#else
    expectEqual("nvic: implemented priority bits", NVIC_IPR(0), 0xC0C0C0C0); // Armv6-M ARM B3.4.1
#endif
}

void highByTimer() {
    SYST_CSR = 0;
    SCB_ICSR = 1U << 25; // PENDSTCLR: a short delay may have run out twice
    mark('H');
    mark('h');
}

// SysTick runs out while IRQ2 is pended, entered, run or left: whenever it comes, each handler runs once and whole.
void checkLateArrival() {
    handlersReset();
    irqAction[2] = beginAndEnd<'L'>;
    setPriority(2, 0xC0);
    setSystemPriority(15, 0x40);
    systickAction = highByTimer;
    unsigned first = 0;
    unsigned inside = 0;
    unsigned after = 0;
    unsigned broken = 0;
    for (std::uint32_t delay = 1; delay <= 400; ++delay) {
        traceClear();
        SYST_RVR = delay;
        SYST_CVR = 0;
        SYST_CSR = 7;
        NVIC_ISPR(0) = 4;
        dataBarrier();
        instructionBarrier();
        while (traceLength < 4) {
        }
        const char* text = trace;
        if (text[0] == 'H' && text[1] == 'h' && text[2] == 'L' && text[3] == 'l') {
            ++first;
        } else if (text[0] == 'L' && text[1] == 'H' && text[2] == 'h' && text[3] == 'l') {
            ++inside;
        } else if (text[0] == 'L' && text[1] == 'l' && text[2] == 'H' && text[3] == 'h') {
            ++after;
        } else {
            ++broken;
        }
    }
    systickAction = nullptr;
    expectEqual("nvic: late arrival leaves whole handlers", broken, 0);
    expectWithin("nvic: a late one goes first or inside", first + inside, 1, 399);
    expectWithin("nvic: a later one comes after", after, 1, 399);
}

} // namespace

void checkNvic() {
    checkNesting();
    checkOrder();
    checkTailChain();
    checkStatus();
    checkLateArrival();
    handlersReset();
}
