// SPDX-License-Identifier: GPL-2.0-or-later
// Functions that hold stated numbers of bytes of the stack, whatever the compiler does.
#pragma once

extern "C" {

[[gnu::naked, gnu::noinline, gnu::used]] inline void hold8() {
    asm volatile("push {r4, lr}\n"
                 "pop {r4, pc}\n");
}

[[gnu::naked, gnu::noinline, gnu::used]] inline void hold200() {
    asm volatile("push {lr}\n"
                 "sub sp, #196\n"
                 "add sp, #196\n"
                 "pop {pc}\n");
}

/// 600 with hold200, which it calls.
[[gnu::naked, gnu::noinline, gnu::used]] inline void hold400() {
    asm volatile("push {r4-r7, lr}\n"
                 "sub sp, #380\n"
                 "bl hold200\n"
                 "add sp, #380\n"
                 "pop {r4-r7, pc}\n");
}

} // extern "C"
