// SPDX-License-Identifier: GPL-2.0-or-later
#include "bsp/board.h"

void print(const char* text) {
    std::size_t length = 0;
    while (text[length] != '\0') {
        ++length;
    }
    consoleWrite(text, length);
}

void printUnsigned(std::uint32_t value) {
    char digits[10];
    std::size_t first = sizeof digits;
    do {
        digits[--first] = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value != 0);
    consoleWrite(digits + first, sizeof digits - first);
}

void printSigned(std::int32_t value) {
    if (value < 0) {
        print("-");
        printUnsigned(0U - static_cast<std::uint32_t>(value));
    } else {
        printUnsigned(static_cast<std::uint32_t>(value));
    }
}

void printHex(std::uint32_t value) {
    char text[10] = {'0', 'x'};
    for (int digit = 0; digit < 8; ++digit) {
        text[2 + digit] = "0123456789abcdef"[(value >> (28 - 4 * digit)) & 0xF];
    }
    consoleWrite(text, sizeof text);
}
