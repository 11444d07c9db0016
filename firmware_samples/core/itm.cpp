// SPDX-License-Identifier: GPL-2.0-or-later
// Text through the stimulus ports of the ITM (Armv7-M ARM C1.7): bytes, halfwords and words; a disabled port takes
// none.
#include "core/check.h"

#include "bsp/cortex_m.h"

namespace {

void itmWrite(unsigned port, const char* text) {
    for (; *text != '\0'; ++text) {
        while (ITM_STIM(port) == 0) { // FIFOREADY
        }
        ITM_STIM8(port) = static_cast<std::uint8_t>(*text);
    }
}

void itmWriteWord(unsigned port, std::uint32_t word) {
    while (ITM_STIM(port) == 0) {
    }
    ITM_STIM(port) = word;
}

} // namespace

int main() {
    boardInit();
    DEMCR |= 1U << 24;       // TRCENA
    ITM_LAR = 0xC5ACCE55;    // opens the lock where there is one
    ITM_TCR = 1U | 1U << 16; // ITMENA, TraceBusID 1
    ITM_TPR = 0;
    ITM_TER = 1U;
    expectEqual("itm: TER reads back", ITM_TER, 1);
    expectEqual("itm: TCR.ITMENA reads back", ITM_TCR & 1, 1);
    itmWrite(0, "hello through ITM port 0\n");
    itmWriteWord(0, 0x64726F77); // "word", least significant byte first
    itmWrite(0, "\n");
    ITM_STIM8(1) = 'x'; // port 1 is disabled: goes nowhere
    itmWrite(0, "done\n");
    return finishChecks();
}
