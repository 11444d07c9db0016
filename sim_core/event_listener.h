// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/decode/decoder.h"
#include "sim_core/timing/core_timing.h"
#include "sim_core/units.h"

#include <span>
#include <string_view>

namespace simprof {

/// One executed block (or one that branched to itself for a while), told when the next one is about to start.
struct BlockEvent {
    const Block& block;
    Cycles start = 0;  ///< cycle at which it began
    Cycles cycles = 0; ///< that it took
    const Accesses& accesses;
    Address next = 0; ///< where execution goes on; registers are those at that point
};

/// What the machine did, in program order. The cycles of blockRetired, exceptionEntered, exceptionReturned,
/// exceptionStall and slept sum to the run's total.
class EventListener {
public:
    virtual ~EventListener() = default;

    virtual void blockRetired(const BlockEvent& event) = 0;
    /// `times` executions of `block`, at `cost` each, that were retired under the owner number last given to
    /// Machine::setCostOwner(): what blockRetired is too frequent for. Comes at any time between their retirement and
    /// the end of the next Machine::settle().
    virtual void costSettled(const Block& block, const BlockCost& cost, std::uint64_t times, std::uint32_t owner) {
        (void)block, (void)cost, (void)times, (void)owner;
    }
    /// Exception `number` (1 reset … 15 SysTick, 16+n IRQ n) is entered; the interrupted code goes on at
    /// `returnAddress` with stack pointer `sp`. Tail-chained entries have 0 for both.
    virtual void exceptionEntered(unsigned number, Address returnAddress, Address sp, Cycles start,
                                  std::uint32_t cycles) = 0;
    /// Exception `number` returns to `returnAddress` with `sp` (another thread's, after a context switch);
    /// `tailChained`: another exception follows at once.
    virtual void exceptionReturned(unsigned number, Address returnAddress, Address sp, Cycles start,
                                   std::uint32_t cycles, bool tailChained) = 0;
    /// The core stood still for `cycles` to save FP registers that were stacked lazily.
    virtual void exceptionStall(Cycles start, std::uint32_t cycles) = 0;
    /// The core waited for an event or interrupt from `start` for `cycles`; `deep`: SLEEPDEEP was set.
    virtual void slept(Cycles start, Cycles cycles, bool deep) = 0;
    /// Data moved without the core (DMA): counts as an access of nobody's layer.
    virtual void busMasterAccess(std::string_view master, Address address, std::uint32_t size, bool write, Cycles at) {
        (void)master, (void)address, (void)size, (void)write, (void)at;
    }
    /// The core clock changed at cycle `at`; the block that runs, and is told when it retires, began `begun` cycles
    /// before.
    virtual void clockChanged(std::uint64_t hertz, Cycles at, Cycles begun) { (void)hertz, (void)at, (void)begun; }
};

} // namespace simprof
