// SPDX-License-Identifier: GPL-2.0-or-later
// What every sample may ask of its board; one implementation per MCU family beside this file.
#pragma once

#include <cstddef>
#include <cstdint>

/// Programs clocks, flash wait states, caches and the console UART; main() calls it first.
void boardInit();

/// Core clock in Hz after boardInit().
std::uint32_t boardClockHz();

/// Sends `length` bytes over the board's serial console (115200 baud, 8N1), waiting for room.
void consoleWrite(const char* text, std::size_t length);

/// Waits until the last byte given to consoleWrite() has left the UART.
void consoleFlush();

/// Ends the program with `code` through semihosting (SYS_EXIT_EXTENDED); needs a debugger or a simulator.
[[noreturn]] void boardExit(int code);

/// Zero-terminated text.
void print(const char* text);

/// Decimal digits.
void printUnsigned(std::uint32_t value);

/// Decimal digits with a minus sign where needed.
void printSigned(std::int32_t value);

/// `0x` and eight hexadecimal digits.
void printHex(std::uint32_t value);
