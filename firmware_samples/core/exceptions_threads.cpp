// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/check.h"
#include "core/exceptions.h"
#include "core/handlers.h"
#include "core/threads.h"
#include "core/trace.h"

namespace {

Thread mainThread;
Thread otherThread;
alignas(8) std::uint32_t mainStack[256];
alignas(8) std::uint32_t otherStack[256];
volatile std::uint32_t damaged;
std::uint32_t controlInMain;

[[noreturn]] void otherEntry() {
    for (std::uint32_t round = 0;; ++round) {
        mark('o');
        nextThread = &mainThread;
        damaged = damaged + pendSvHoldingRegisters(0xB0000000 + 16 * round);
    }
}

void mainEntry() {
    controlInMain = readControl();
    for (std::uint32_t round = 0; round < 5; ++round) {
        mark('m');
        nextThread = &otherThread;
        damaged = damaged + pendSvHoldingRegisters(0xA0000000 + 16 * round);
    }
}

} // namespace

void checkContextSwitch() {
    setSystemPriority(14, 0xFF);
    traceClear();
    damaged = 0;
    threadCreate(otherThread, otherEntry, otherStack + 256);
    currentThread = &mainThread;
    runOnProcessStack(mainEntry, mainStack + 256);
    expectText("pendsv: two threads take turns", trace, "momomomomo");
    expectEqual("pendsv: r4..r11 survive the switch", damaged, 0);
    expectEqual("pendsv: CONTROL.SPSEL in a thread", controlInMain & 2, 2);
    expectEqual("pendsv: CONTROL.SPSEL back on the main stack", readControl() & 2, 0);
    expectEqual("pendsv: not pending any more", SCB_ICSR & (1U << 28), 0);
}
