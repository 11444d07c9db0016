// SPDX-License-Identifier: GPL-2.0-or-later
// Two threads whose stacks are counted by hand: the first one holds 8 bytes and calls hold400 (400), which calls
// hold200 (200); the second one holds 8, and the frame of the exception that ends its turn is 32 bytes below that.
// The main stack is deepest in main's call of hold400.
#include "bsp/board.h"
#include "bsp/cortex_m.h"
#include "core/handlers.h"
#include "core/stack_holders.h"
#include "core/threads.h"

namespace {

alignas(8) std::uint32_t stacks[2][256];

} // namespace

extern "C" {

Thread threads[2];

// Pends PendSV with the other thread as the next one.
[[gnu::naked]] void firstThread() {
    asm volatile("push {r4, lr}\n"
                 "bl hold400\n"
                 "ldr r0, =nextThread\n"
                 "ldr r1, =threads + 4\n"
                 "str r1, [r0]\n"
                 "ldr r0, =0xE000ED04\n" // ICSR
                 "ldr r1, =0x10000000\n" // PENDSVSET
                 "str r1, [r0]\n"
                 "dsb\n"
                 "isb\n"
                 "pop {r4, pc}\n");
}

[[gnu::naked]] void secondThread() {
    asm volatile("push {r4, lr}\n"
                 "bl hold8\n"
                 "ldr r0, =nextThread\n"
                 "ldr r1, =threads\n"
                 "str r1, [r0]\n"
                 "ldr r0, =0xE000ED04\n"
                 "ldr r1, =0x10000000\n"
                 "str r1, [r0]\n"
                 "dsb\n"
                 "isb\n"
                 "1: b 1b\n");
}

} // extern "C"

int main() {
    boardInit();
    hold400();
    currentThread = &threads[0];
    threadCreate(threads[1], secondThread, stacks[1] + 256);
    setSystemPriority(14, 0xFF);
    runOnProcessStack(firstThread, stacks[0] + 256);
    print("both ran\n");
    consoleFlush();
    boardExit(0);
}
