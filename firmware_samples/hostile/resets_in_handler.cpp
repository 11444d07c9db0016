// SPDX-License-Identifier: GPL-2.0-or-later
// Resets itself inside a handler below a deep stack of calls, so that nothing of it ever returns.
#include "bsp/cortex_m.h"

namespace {

volatile int g_sink;

__attribute__((noinline)) void callDeeper(int depth) {
    if (depth > 0) {
        callDeeper(depth - 1);
        g_sink = depth; // no tail call
    } else {
        asm volatile("svc 0");
    }
}

} // namespace

extern "C" void SVC_Handler() { REGISTER(0xE000ED0C) = 0x05FA0004; }

int main() {
    callDeeper(200);
    return 1;
}
