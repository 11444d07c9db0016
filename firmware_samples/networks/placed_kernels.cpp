// SPDX-License-Identifier: GPL-2.0-or-later
// The kernels lie by themselves in flash, and run there or where start-up copies them to, as the linker script says.
// All else has the same code at the same addresses in both programs.
#include <cstdint>

extern "C" {
extern std::uint32_t _kernels_start[], _kernels_end[];
extern const std::uint32_t _kernels_load[];
}

namespace {

[[gnu::constructor]] void placeKernels() {
    const volatile std::uint32_t* source = _kernels_load;
    if (source == _kernels_start) {
        return;
    }
    for (volatile std::uint32_t* word = _kernels_start; word != _kernels_end; ++word) {
        *word = *source++;
    }
    asm volatile("dsb\n\tisb" ::: "memory");
}

} // namespace
