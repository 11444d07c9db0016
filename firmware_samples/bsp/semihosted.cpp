// SPDX-License-Identifier: GPL-2.0-or-later
// A core with memories and no devices: the console is the debugger's or simulator's.
#include "bsp/board.h"

void boardInit() {}

std::uint32_t boardClockHz() { return 25'000'000; }

void consoleWrite(const char* text, std::size_t length) {
    for (std::size_t index = 0; index < length; ++index) {
        // Semihosting for AArch32, 7.20: SYS_WRITEC (0x03) with the address of the character.
        register std::uint32_t operation asm("r0") = 0x03;
        register const char* argument asm("r1") = text + index;
        asm volatile("bkpt 0xAB" : "+r"(operation) : "r"(argument) : "memory");
    }
}

void consoleFlush() {}
