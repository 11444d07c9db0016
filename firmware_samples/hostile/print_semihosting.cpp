// SPDX-License-Identifier: GPL-2.0-or-later
// Prints without end by semihosting (SYS_WRITE0), a kilobyte a call.
#include <cstdint>
#include <cstring>

int main() {
    static char text[1024];
    std::memset(text, 'x', sizeof text - 1);
    for (;;) {
        register std::uint32_t operation asm("r0") = 4;
        register const char* argument asm("r1") = text;
        asm volatile("bkpt 0xAB" : "+r"(operation) : "r"(argument) : "memory");
    }
}
