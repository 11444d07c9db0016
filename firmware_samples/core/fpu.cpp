// SPDX-License-Identifier: GPL-2.0-or-later
// The floating-point extension: results to the bit, and its registers across exceptions, stacked lazily or at once.
#include "core/fpu.h"
#include "core/check.h"

int main() {
    boardInit();
    checkSinglePrecision();
    checkRoundingAndFlags();
    checkConversions();
#if (__ARM_FP & 8) != 0
    checkDoublePrecision();
#endif
    checkStacking();
    return finishChecks();
}
