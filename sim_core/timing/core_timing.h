// SPDX-License-Identifier: GPL-2.0-or-later
/// From executed blocks to cycles: the one face of all core tables and memory systems.
#pragma once
#include "sim_core/access.h"
#include "sim_core/decode/decoder.h"
#include "sim_core/machine_desc.h"
#include "sim_core/units.h"

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// Why a cycle passed; each cycle has exactly one reason.
enum class Stall : std::uint8_t {
    Issue,             ///< an instruction executed
    Fetch,             ///< waiting for instruction memory or the fetch buffer
    LoadStore,         ///< the data access itself, zero wait
    AddressDependency, ///< an operand or address was not ready
    BranchRefill,      ///< pipeline refill, mispredict
    MultiCycle,        ///< divide, long multiply, FPU latency
    CacheMiss,         ///< waits of data memory: flash wait states, cache misses
    BusContention,     ///< another bus master or the other port
    Exception,         ///< exception entry and return
    Sleep,             ///< WFI, WFE
};
inline constexpr std::size_t kStallCount = 10;
inline constexpr std::array<const char*, kStallCount> kStallNames = {
    "issue",       "fetch",      "load_store",     "address_dependency", "branch_refill",
    "multi_cycle", "cache_miss", "bus_contention", "exception",          "sleep"};

/// What one execution of a block cost; the stalls sum to cycles.
struct BlockCost {
    std::uint32_t cycles = 0;
    std::array<std::uint32_t, kStallCount> stalls{};
};

/// Who adds up what was retired.
class CostSink {
public:
    virtual ~CostSink() = default;
    /// `block` was executed `times` for `owner`, at `cost` each.
    virtual void addCost(const Block& block, const BlockCost& cost, std::uint64_t times, std::uint32_t owner) = 0;
};

/// How a flash interface or cache is set up right now, as the firmware programmed it.
struct MemorySettings {
    unsigned waitStates = 0;
    bool prefetch = false;
    bool icache = false; ///< instruction cache of the flash interface (not the core's L1)
    bool dcache = false;
    bool operator==(const MemorySettings&) const = default;
};

/// L1 caches and write policies of the core as SCB and MPU have them now (M7).
struct L1Settings {
    bool icacheEnabled = false;
    bool dcacheEnabled = false;
    bool operator==(const L1Settings&) const = default;
};

/// One MPU region as far as caching is concerned (M7); later entries win.
struct CachePolicy {
    AddressRange range;
    bool cacheable = true;
    bool writeBack = true;
    bool writeAllocate = true;
};

/// Counts the cycles of one machine. Not thread safe; deterministic.
class CoreTiming {
public:
    virtual ~CoreTiming() = default;

    /// Called once when a block is first seen (or seen again after code in RAM changed); precomputes what is static.
    virtual void addBlock(const Block& block) = 0;

    /// The cycles of one execution that made `accesses` and went on at `next` (the hot path).
    virtual Cycles retire(const Block& block, const Accesses& accesses, Address next) = 0;

    /// What was retired last happened `times` more, each at the same cost (a branch to itself that has settled).
    virtual void repeatLast(std::uint64_t times) = 0;

    /// The sink, which must be set before the first execution, may be told of costs with each execution: those of one
    /// block for one owner that are equal come together.
    void setSink(CostSink& sink) { m_sink = &sink; }
    /// What is retired from now on belongs to `owner`, a number of the sink's choice.
    void setOwner(std::uint32_t owner) { m_owner = owner; }
    /// Tells the sink what it was not told yet.
    virtual void settle() = 0;

    /// Cycles from the block's start up to (not including) the access behind the `done` ones: what a counter read there
    /// shows.
    virtual Cycles cyclesBefore(const Block& block, std::span<const Access> done) const = 0;

    /// The pipeline was emptied by an exception entry, return or reset.
    virtual void flushPipeline() = 0;

    /// The memory whose MemoryDesc::timing is `timing` is programmed anew.
    virtual void setMemory(const std::string& timing, const MemorySettings& settings) = 0;
    virtual void setL1(const L1Settings& settings) = 0;
    virtual void setCachePolicies(std::vector<CachePolicy> policies) = 0;
    /// Invalidates (and cleans) L1 and flash-interface caches, whole.
    virtual void invalidateCaches(bool instruction, bool data) = 0;

    /// Cycles of exception entry (stacking and vector fetch), of return, and of a tail chain; `fpFrame`: 17 more words
    /// are stacked, `lazy`: only reserved.
    virtual std::uint32_t exceptionEntryCycles(bool fpFrame, bool lazy) const = 0;
    virtual std::uint32_t exceptionReturnCycles(bool fpFrame) const = 0;
    virtual std::uint32_t tailChainCycles() const = 0;

    /// Cycles spent in each instruction of a block over the whole run; sums to Block::cycles exactly.
    virtual std::vector<Cycles> instructionCycles(const Block& block) const = 0;
    /// The same split by stall, one entry an instruction.
    virtual std::vector<std::array<Cycles, kStallCount>> instructionStalls(const Block& block) const = 0;

    /// Sentences for the report's assumptions ("flash: 7 wait states, prefetch on (FLASH_ACR)", "… assumed zero wait
    /// states").
    virtual std::vector<std::string> assumptions() const = 0;

protected:
    CostSink* m_sink = nullptr;
    std::uint32_t m_owner = 0;
};

/// The timing of an MCU's core and memories; `mcu` must outlive it.
inline std::unique_ptr<CoreTiming> makeCoreTiming(const McuDesc& mcu) { return mcu.core.kind->makeTiming(mcu); }

} // namespace simprof
