// SPDX-License-Identifier: GPL-2.0-or-later
// Runs code in RAM that is another one each time: movs r0, #n; add r0, r0, #m; bx lr with n and m that count.
#include <cstdint>

int main() {
    static std::uint16_t code[8] __attribute__((aligned(32)));
    for (std::uint32_t count = 0;; ++count) {
        code[0] = static_cast<std::uint16_t>(0x2000 | (count & 0xFF));
        code[1] = 0xF100; // add.w r0, r0, #m
        code[2] = static_cast<std::uint16_t>(count >> 8 & 0xFF);
        code[3] = static_cast<std::uint16_t>(0x3000 | (count >> 16 & 0xFF)); // adds r0, #k
        code[4] = 0x4770;
        asm volatile("dsb\nisb\nblx %0" ::"r"(reinterpret_cast<std::uintptr_t>(code) | 1U)
                     : "r0", "r1", "r2", "r3", "r12", "lr", "cc", "memory");
    }
}
