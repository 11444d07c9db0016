// SPDX-License-Identifier: GPL-2.0-or-later
// A short text that handlers and threads append letters to: the order of events.
#pragma once

#include <cstdint>

inline char trace[64];
inline volatile unsigned traceLength = 0;

/// Appends `letter` in one piece, whatever else interrupts; letters past the end are dropped. Needs privilege.
inline void mark(char letter) {
    std::uint32_t primask;
    asm volatile("mrs %0, primask\n cpsid i" : "=r"(primask)::"memory");
    if (traceLength < sizeof trace - 1) {
        trace[traceLength] = letter;
        traceLength = traceLength + 1;
        trace[traceLength] = '\0';
    }
    asm volatile("msr primask, %0" ::"r"(primask) : "memory");
}

/// Empties the trace.
inline void traceClear() {
    traceLength = 0;
    trace[0] = '\0';
}
