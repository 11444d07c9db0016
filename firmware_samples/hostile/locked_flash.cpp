// SPDX-License-Identifier: GPL-2.0-or-later
// Stores to locked flash, at another address each time, and goes on behind each fault.
#include "hostile/skip_faults.h"

SKIP_FAULTS()

int main() {
    for (std::uint32_t offset = 0;; offset = (offset + 4) & 0xFFFFF) {
        // A store may fault behind itself: then the handler skips the nop.
        asm volatile("str %0, [%1]\n"
                     "nop" ::"r"(offset),
                     "r"(0x08100000 + offset)
                     : "memory");
    }
}
