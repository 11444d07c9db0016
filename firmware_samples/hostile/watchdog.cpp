// SPDX-License-Identifier: GPL-2.0-or-later
// Lets the independent watchdog reset it for ever (RM0432, 46.4: keys, prescaler 4, reload 0).
#include "bsp/cortex_m.h"

int main() {
    constexpr std::uint32_t kIwdg = 0x40003000;
    REGISTER(kIwdg) = 0xCCCC;
    REGISTER(kIwdg) = 0x5555;
    REGISTER(kIwdg + 4) = 0;
    REGISTER(kIwdg + 8) = 0;
    REGISTER(kIwdg) = 0xAAAA;
    for (;;) {
        asm volatile("nop\nnop");
    }
}
