// SPDX-License-Identifier: GPL-2.0-or-later
// A DMA channel that copies memory onto its own registers, and one that copies them in a circle for ever
// (RM0432, 11.6).
#include "bsp/cortex_m.h"

namespace {

constexpr std::uint32_t kDma1 = 0x40020000;
constexpr std::uint32_t channel(unsigned number) { return kDma1 + 8 + 20 * (number - 1); }

void start(unsigned number, std::uint32_t from, std::uint32_t to, std::uint32_t count, std::uint32_t flags) {
    REGISTER(channel(number)) = 0;
    REGISTER(channel(number) + 4) = count;
    REGISTER(channel(number) + 8) = to;
    REGISTER(channel(number) + 12) = from;
    // MEM2MEM, PL, MSIZE and PSIZE 32 bits, MINC, PINC, DIR from memory, interrupts, EN
    REGISTER(channel(number)) = 0x00007AD1 | flags;
}

} // namespace

extern "C" void IRQ11_Handler() { REGISTER(kDma1 + 4) = 0xFFFFFFFF; }

int main() {
    REGISTER(0x40021048) |= 7; // RCC_AHB1ENR: DMA1, DMA2, DMAMUX
    NVIC_ISER(0) = 1U << 11;
    static std::uint32_t words[64];
    for (unsigned i = 0; i < 64; ++i) {
        words[i] = 0x00007AFF;
    }
    for (;;) {
        start(1, reinterpret_cast<std::uintptr_t>(words), channel(1), 60, 0x0E);
        start(2, channel(1), channel(3), 0xFFFF, 0x20);
        start(3, reinterpret_cast<std::uintptr_t>(words), 0x08000000, 0xFFFF, 0);
    }
}
