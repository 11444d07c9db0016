// SPDX-License-Identifier: GPL-2.0-or-later
// Two or more threads on the process stack, switched by PendSV: what an RTOS is at its bottom.
#pragma once

#include <cstdint>

/// A thread that does not run: the top of its saved registers on its own stack.
struct Thread {
    std::uint32_t* stackPointer;
};

/// The thread that runs, and the one PendSV switches to.
extern "C" Thread* volatile currentThread;
extern "C" Thread* volatile nextThread;

/// Prepares `thread` to start at `entry`, which must not return, on the stack that ends at `stackTop`.
void threadCreate(Thread& thread, void (*entry)(), std::uint32_t* stackTop);

/// Goes on with `thread` as soon as PendSV may run.
void switchTo(Thread& thread);

/// Calls `entry` with the process stack pointer (CONTROL.SPSEL) at `stackTop`; then returns to the main stack.
extern "C" void runOnProcessStack(void (*entry)(), std::uint32_t* stackTop);

/// Fills r4..r11 with `pattern` and its successors, pends PendSV, and returns how many differ afterwards.
extern "C" std::uint32_t pendSvHoldingRegisters(std::uint32_t pattern);
