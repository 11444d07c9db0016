// SPDX-License-Identifier: GPL-2.0-or-later
/// Memory systems as data: one row per name that MemoryDesc::timing may carry.
#pragma once
#include "sim_core/timing/core_timing.h"

#include <string>
#include <string_view>

namespace simprof {

/// A flash interface (or external-flash cache) as cores without L1 caches see it: width, caches, prefetch, waits.
struct FlashRow {
    std::string_view name;
    std::string_view title;   ///< for the report: "STM32L4 flash interface"
    unsigned unitBytes = 16;  ///< what one array read brings
    unsigned icacheLines = 0; ///< 0: no instruction cache
    unsigned icacheLineBytes = 32;
    unsigned icacheWays = 0;  ///< 0: fully associative
    unsigned dcacheLines = 0; ///< 0: data reads always go to the array
    unsigned dcacheLineBytes = 32;
    unsigned dcacheWays = 0;
    bool unified = false;      ///< data reads use the instruction cache's lines
    unsigned dataHitWaits = 0; ///< of a data read that hits while the array has wait states, unless right behind
                               ///< another flash read or in the unit read last
    bool dataBuffer = true;    ///< a data read of the unit read last costs no array access
    unsigned branchHitWaitsAtZero =
        0; ///< of a branch into another unit that hits the cache, when the array has no wait states
    unsigned branchMissWaits = 0; ///< beyond the array's, of a branch that misses, when the array has wait states
    int missWaits = -1;           ///< waits of a miss; -1: the programmed wait states
    unsigned prefetchStart = 1;   ///< cycles from the data of a newly entered unit to the prefetch of the next; 0:
                                  ///< together, and none after a miss
    unsigned prefetchStore = 0;   ///< cycles from the end of a prefetch until its unit can be fetched
    bool prefetchHoldsBranches = false; ///< a branch target that hits the cache waits for a prefetch that runs
    bool prefetchForgets = false; ///< entering a unit from the cache drops what was prefetched; a prefetch that a data
                                  ///< read stopped starts anew
    bool prefetchFills = false;   ///< a unit delivered by the prefetch buffer is copied into the cache
    bool hasPrefetch = false;     ///< that can be switched
    bool fixedWaits = false;      ///< the wait states cannot be programmed
    MemorySettings reset;         ///< as the registers read at reset
    std::string_view source;
};

/// The row of that name, or null.
const FlashRow* findFlashRow(std::string_view name);

/// A memory behind the M7's AXI or AHB ports, seen by L1 line fills and uncached accesses.
struct AxiRow {
    std::string_view name;
    std::string_view title;
    unsigned interconnect = 4;   ///< core cycles of bus and interconnect until the array starts and back
    int accessCycles = -1;       ///< array access until the first 64-bit beat; -1: wait states + 1
    unsigned lineBusyCycles = 4; ///< the array is busy that long per 32-byte line; 0 with lineReads set
    unsigned lineReads = 0;      ///< array reads per line, each of wait states + 1 (0: lineBusyCycles holds)
    unsigned beatCycles = 1;     ///< between 64-bit beats of a line fill
    MemorySettings reset;
    std::string_view source;
};

const AxiRow* findAxiRow(std::string_view name);

/// A memory that a document says answers without wait states at any clock.
struct ZeroWaitRow {
    std::string_view name;
    std::string_view source;
    bool dataOnly = false; ///< the core fetches no instructions from it
};

const ZeroWaitRow* findZeroWaitRow(std::string_view name);

/// How a memory's waits are simulated, and from which document; `what` says "assumed" where that is unknown.
struct MemoryTiming {
    std::string what;
    std::string source;
};
MemoryTiming memoryTiming(const MemoryDesc& memory);

} // namespace simprof
