// SPDX-License-Identifier: GPL-2.0-or-later
// The groups of checks of the exceptions sample.
#pragma once

/// SysTick at 1 kHz against the core's own time.
void checkSysTick();

/// SVC: stacked registers, return value, stack alignment, unprivileged threads.
void checkSupervisorCall();

/// PendSV: a context switch between two threads on process stacks.
void checkContextSwitch();

/// NVIC: priorities, nesting, tail-chaining, late arrival, status registers.
void checkNvic();

/// PRIMASK, BASEPRI, FAULTMASK, NMI.
void checkMasking();

/// WFI, WFE, SEV, SLEEPONEXIT.
void checkSleep();

/// VTOR: a vector table in RAM.
void checkVectorTable();
