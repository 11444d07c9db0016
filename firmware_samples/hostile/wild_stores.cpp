// SPDX-License-Identifier: GPL-2.0-or-later
// Reads and writes addresses all over the space, those of devices above all, and goes on behind each fault.
#include "hostile/skip_faults.h"

SKIP_FAULTS()

int main() {
    std::uint32_t random = 1;
    for (std::uint32_t register_ = 0;; register_ += 4) {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        const std::uint32_t device = 0x50100000 + (register_ & 0x0FEFFFFC);
        const std::uint32_t anywhere = 0x60000000 + (random & 0x7FFFFFFC);
        asm volatile("str %0, [%1]\n"
                     "ldr r3, [%1]\n"
                     "str %0, [%2]\n"
                     "nop" ::"r"(random),
                     "r"(device), "r"(anywhere)
                     : "r3", "memory");
    }
}
