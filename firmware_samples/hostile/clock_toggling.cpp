// SPDX-License-Identifier: GPL-2.0-or-later
// Changes the clock with every few cycles: RCC_CFGR.HPRE divides by 1 and by 2 (RM0432, 6.4.3).
#include "bsp/cortex_m.h"

int main() {
    constexpr std::uint32_t kRccCfgr = 0x40021008;
    for (;;) {
        REGISTER(kRccCfgr) = 0x80;
        REGISTER(kRccCfgr) = 0;
    }
}
