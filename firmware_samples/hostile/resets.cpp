// SPDX-License-Identifier: GPL-2.0-or-later
// Resets itself as soon as it starts (AIRCR.SYSRESETREQ, DDI 0403 B3.2.6), before the start-up code could do anything.
#include "bsp/cortex_m.h"

namespace {

__attribute__((constructor)) void resetAtOnce() {
    for (;;) {
        REGISTER(0xE000ED0C) = 0x05FA0004;
    }
}

} // namespace

int main() { return 1; }
