// SPDX-License-Identifier: GPL-2.0-or-later
// Exceptions and interrupts as Armv6-M and Armv7-M define them, checked from inside.
#include "core/exceptions.h"

#include "core/check.h"

int main() {
    boardInit();
    checkSysTick();
    checkSupervisorCall();
    checkContextSwitch();
    checkNvic();
    checkMasking();
    checkSleep();
    checkVectorTable();
    return finishChecks();
}
