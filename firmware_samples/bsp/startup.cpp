// SPDX-License-Identifier: GPL-2.0-or-later
// From reset to main(): vector table, .data, .bss, static constructors; and the end of the program.
#include "bsp/board.h"
#include "bsp/cortex_m.h"

extern "C" {
extern std::uint32_t _data_start[], _data_end[], _bss_start[], _bss_end[], _fast_data_start[], _fast_data_end[];
extern const std::uint32_t _data_load[], vectorTable[];
extern void (*const _init_array_start[])();
extern void (*const _init_array_end[])();

int main();
[[noreturn]] void startProgram();
}

namespace {

void fillWithZeros(std::uint32_t* begin, const std::uint32_t* end) {
    for (volatile std::uint32_t* word = begin; word != end; ++word) {
        *word = 0;
    }
}

} // namespace

[[noreturn]] void startProgram() {
#ifdef CORE_HAS_VTOR
    // Applications behind a bootloader start with that one's table.
    SCB_VTOR = reinterpret_cast<std::uintptr_t>(vectorTable);
#endif
    const std::uint32_t* source = _data_load;
    for (volatile std::uint32_t* word = _data_start; word != _data_end; ++word) {
        *word = *source++;
    }
    fillWithZeros(_bss_start, _bss_end);
    fillWithZeros(_fast_data_start, _fast_data_end);
    for (auto constructor = _init_array_start; constructor != _init_array_end; ++constructor) {
        (*constructor)();
    }
    boardExit(main());
}

[[noreturn]] void boardExit(int code) {
    consoleFlush();
    // Semihosting for AArch32, 7.9: SYS_EXIT_EXTENDED (0x20) with {ADP_Stopped_ApplicationExit, code}.
    const std::uint32_t block[2] = {0x20026, static_cast<std::uint32_t>(code)};
    register std::uint32_t operation asm("r0") = 0x20;
    register const std::uint32_t* argument asm("r1") = block;
    asm volatile("bkpt 0xAB" : "+r"(operation) : "r"(argument) : "memory");
    for (;;) {
    }
}
