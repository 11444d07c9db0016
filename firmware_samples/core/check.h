// SPDX-License-Identifier: GPL-2.0-or-later
// The lines a sample reports with: `PASS name` or `FAIL name got .. want ..`, and its exit code.
#pragma once

#include "bsp/board.h"

/// Number of failed checks so far.
inline unsigned failures = 0;

inline void reportName(bool ok, const char* name) {
    print(ok ? "PASS " : "FAIL ");
    print(name);
    if (!ok) {
        ++failures;
    }
}

/// Passes where `got` equals `want`.
inline void expectEqual(const char* name, std::uint32_t got, std::uint32_t want) {
    reportName(got == want, name);
    if (got != want) {
        print(" got ");
        printHex(got);
        print(" want ");
        printHex(want);
    }
    print("\n");
}

/// Passes where `low` <= `got` <= `high`.
inline void expectWithin(const char* name, std::uint32_t got, std::uint32_t low, std::uint32_t high) {
    const bool ok = got >= low && got <= high;
    reportName(ok, name);
    if (!ok) {
        print(" got ");
        printUnsigned(got);
        print(" want ");
        printUnsigned(low);
        print("..");
        printUnsigned(high);
    }
    print("\n");
}

/// Passes where both texts are the same.
inline void expectText(const char* name, const char* got, const char* want) {
    std::size_t index = 0;
    while (got[index] != '\0' && got[index] == want[index]) {
        ++index;
    }
    const bool ok = got[index] == want[index];
    reportName(ok, name);
    if (!ok) {
        print(" got ");
        print(got);
        print(" want ");
        print(want);
    }
    print("\n");
}

/// The sample's exit code: 0 where every check passed, else 1.
inline int finishChecks() {
    print(failures == 0 ? "all passed\n" : "some failed\n");
    return failures == 0 ? 0 : 1;
}
