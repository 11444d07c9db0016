// SPDX-License-Identifier: GPL-2.0-or-later
/// Flash interfaces of M0, M0+ and M4 parts: which fetches and reads hit, in program order.
#pragma once
#include "sim_core/timing/line_cache.h"
#include "sim_core/timing/memory_table.h"
#include "sim_core/timing/timeline.h"

#include <array>
#include <bit>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// The content of an instruction buffer of one or two lines, the most recently used first.
struct FetchLines {
    static constexpr unsigned kMost = 2;
    struct Line {
        std::int32_t number = -1; ///< from the memory's first; -1: empty
        std::uint32_t valid = 0;  ///< a bit per unit
        bool operator==(const Line&) const = default;
    };
    std::array<Line, kMost> lines{};
    bool operator==(const FetchLines&) const = default;

    bool contains(std::uint32_t unit, const FlashRow& row) const;
    /// The line of `unit` becomes the most recently used; with `fill` the unit comes in when it is absent.
    void use(std::uint32_t unit, const FlashRow& row, bool fill);
};

/// One memory with wait states.
struct FlashSystem {
    const FlashRow* row = nullptr;
    std::string memoryName;
    std::uint32_t size = 0;
    MemorySettings settings;
    bool programmed = false;
    bool fillsIcache = false; ///< `icache` is there and on
    LineCache icache, dcache;
    static constexpr std::uint32_t kNothingRead = ~std::uint32_t{0};
    std::uint32_t lastRead = kNothingRead; ///< unit of the data read before
    std::uint64_t lastReadClock = 0;       ///< of its cache then
    unsigned unitShift = 0;                ///< of row->unitBytes
    struct Commit {
        std::uint64_t clock = 0; ///< of the instruction cache behind it
        std::uint32_t firstUnit = 0;
        std::uint32_t units = 0;
        bool operator==(const Commit&) const = default;
    } lastCommit; ///< the last one that filled nothing

    unsigned missWaits() const {
        return row->missWaits >= 0 ? static_cast<unsigned>(row->missWaits) : settings.waitStates;
    }
    /// The instruction cache is a buffer of a line or two: its content travels with PortState instead of living in
    /// `icache`.
    bool buffers() const { return row->icacheLines != 0 && row->icacheLines <= FetchLines::kMost; }
    void program(const MemorySettings& to) {
        settings = to;
        fillsIcache = icache.present() && settings.icache;
    }
    bool caching() const { return (icache.present() || buffers()) && settings.icache; }
};

/// In access_code: the load goes to another memory than the load right before it.
inline constexpr std::uint8_t kOtherMemory = 0x08;

/// What of a block's code matters to the flash interface.
struct FetchPlan {
    int system = -1; ///< index of FlashSystem, or -1: zero wait
    std::uint32_t firstUnit = 0;
    std::uint32_t units = 0;      ///< that the block's own bytes touch
    std::uint32_t aheadUnits = 0; ///< more that the fetch may reach behind its end
    std::int64_t targetUnit =
        -1; ///< of a conditional branch that ends the block, from the memory's first unit; -1: none here

    /// What was found when the block ran last; it holds as long as the cache keeps its version.
    struct Seen {
        std::uint64_t version = 0;
        std::uint64_t hash = 0; ///< of `missing`, 0 when nothing is
        bool targetMissing = false;
        std::vector<std::uint64_t> missing; ///< see Situation::fetchMiss
        std::vector<std::uint16_t> slots;   ///< of the lines with these units
    } seen;
    /// A bit for each of the first `count` (at most 64) units.
    static std::uint64_t firstOf(unsigned count) {
        return count == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
    }
};

/// Where a block's data accesses go.
struct DataPlan {
    std::uint32_t pattern = 0; ///< Accesses::pattern and settings for which the rest holds
    std::uint32_t epoch = 0;
    std::uint64_t hash = 0; ///< when all that read through a cache hit
    struct Cached {
        std::uint16_t slot = 0;
        std::uint8_t view = 0; ///< as in FlashFront::Page
    };
    std::vector<Cached> cached;      ///< slots that read through a cache
    std::vector<std::uint8_t> codes; ///< access_code by slot, as they were last
};

/// A block as the flash interface sees it.
struct FlashPlan : FetchPlan {
    DataPlan data;
};

/// In access_code: the further transfers of an access that is not naturally aligned. Halfword-aligned word: one more;
/// byte-aligned word: two; byte-aligned halfword: one (Arm DDI 0439, 3.3.1; 100166).
inline std::uint8_t extraTransfers(const Access& access) {
    if ((access.address & (access.size - 1u)) == 0 || access.size > 4) {
        return 0;
    }
    const unsigned extra = access.size == 4 && (access.address & 1) != 0 ? 2u : 1u;
    return static_cast<std::uint8_t>(extra << access_code::kMisalignedShift);
}

/// Classes of data accesses in access_code.
enum class DataClass : std::uint8_t { ZeroWait = 0, FlashHit = 1, FlashMiss = 2, IoPort = 3, FlashBuffer = 4 };

/// Data reads of one memory through its cache, in program order. With `update`, the cache learns.
template<bool update>
class CachedReads {
public:
    /// The core sees the memory's first byte at `begin`.
    CachedReads(FlashSystem& system, Address begin)
        : m_system(system)
        , m_cache(system.row->unified ? system.icache : system.dcache)
        , m_uses(m_cache)
        , m_begin(begin)
        , m_unitShift(system.unitShift)
        , m_again(
              static_cast<std::uint8_t>(system.row->dataHitWaits != 0 ? DataClass::FlashBuffer : DataClass::FlashHit))
        , m_lastRead(system.lastRead)
        , m_lastReadClock(system.lastReadClock) {}
    ~CachedReads() {
        m_system.lastRead = m_lastRead;
        m_system.lastReadClock = m_lastReadClock;
    }
    CachedReads(const CachedReads&) = delete;
    CachedReads& operator=(const CachedReads&) = delete;

    /// DataClass of the next one.
    std::uint8_t at(Address address) {
        const std::uint32_t unit = (address - m_begin) >> m_unitShift;
        const bool again = unit == m_lastRead;
        const std::uint8_t hit = again ? m_again : static_cast<std::uint8_t>(DataClass::FlashHit);
        constexpr auto kMiss = static_cast<std::uint8_t>(DataClass::FlashMiss);
        if constexpr (!update) {
            return m_cache.contains(unit) ? hit : kMiss;
        }
        if (again && m_uses.clock() == m_lastReadClock) {
            return hit; // nothing was used since
        }
        const bool found = m_uses.use(unit);
        m_lastRead = unit;
        m_lastReadClock = m_uses.clock();
        return found ? hit : kMiss;
    }

private:
    FlashSystem& m_system;
    LineCache& m_cache;
    LineCache::Uses m_uses;
    Address m_begin;
    unsigned m_unitShift;
    std::uint8_t m_again; ///< of a hit in the unit read last
    std::uint32_t m_lastRead;
    std::uint64_t m_lastReadClock;
};

/// The flash interfaces of one MCU.
class FlashFront {
public:
    explicit FlashFront(const McuDesc& mcu);

    /// The caches tell from then on when something changes in what the plan covers.
    FetchPlan plan(const Block& block, unsigned aheadBytes);

    /// Which units one execution will find cached, kept in `plan.seen`; returns a hash of it, 0 when everything hits or
    /// nothing can.
    std::uint64_t observeFetch(FetchPlan& plan, bool taken) const {
        const FlashSystem* asked = system(plan.system);
        if (!asked || !asked->fillsIcache) {
            return 0;
        }
        if (plan.seen.version != asked->icache.version()) {
            lookForCode(*asked, plan);
        }
        return !taken && plan.seen.targetMissing ? plan.seen.hash ^ hash_of::kTarget : plan.seen.hash;
    }
    /// Where the accesses of one execution go, kept in `plan`; returns a hash of it, 0 when all are aligned and without
    /// wait. With `neighbours`, misalignment and changes of the memory from one instruction to the next are told as
    /// well. With `update`, the data cache learns.
    template<bool update, bool neighbours>
    std::uint64_t observeData(const Block& block, DataPlan& plan, const Accesses& accesses) {
        if (block.slots.empty()) {
            return 0;
        }
        if (accesses.pattern == 0 || accesses.pattern != plan.pattern || m_epoch != plan.epoch) {
            return observeAnew<update, neighbours>(block, plan, accesses);
        }
        std::uint64_t hash = plan.hash;
        const Access* const all = accesses.data();
        std::uint8_t* const codes = plan.codes.data();
        const DataPlan::Cached* cached = plan.cached.data();
        for (const DataPlan::Cached* const end = cached + plan.cached.size(); cached != end;) {
            const std::uint8_t view = cached->view;
            CachedReads<update> reads(systemOf(view), m_views[view - 1u].begin);
            for (; cached != end && cached->view == view; ++cached) {
                const std::uint8_t found = reads.at(all[cached->slot].address);
                const auto other = static_cast<std::uint8_t>(codes[cached->slot] & ~access_code::kClassMask);
                codes[cached->slot] = other | found;
                if (found != kHit) {
                    hash ^= slotHash(cached->slot, other | kHit) ^ slotHash(cached->slot, other | found);
                }
            }
        }
        return hash;
    }
    /// Fills in what observeFetch and observeData saw.
    void describe(const FlashPlan& plan, const FetchLines& lines, Situation& situation) const;
    /// The units that a timeline asked for become the most recently used, and are filled where they were missing.
    void commitFetch(const FetchPlan& plan, const FetchFootprint& footprint) {
        if (plan.system < 0) {
            return;
        }
        FlashSystem& cached = m_systems[static_cast<std::size_t>(plan.system)];
        if (!cached.fillsIcache) {
            return;
        }
        if (footprint.targetFilled || footprint.units > 64 || plan.seen.version != cached.icache.version() ||
            (plan.seen.missing[0] & FetchPlan::firstOf(footprint.units)) != 0) {
            fillCode(cached, plan, footprint);
        } else if (cached.lastCommit != FlashSystem::Commit{cached.icache.clock(), plan.firstUnit, footprint.units}) {
            cached.icache.touch(
                std::span(plan.seen.slots).first(cached.icache.linesOf(plan.firstUnit, footprint.units)));
            cached.lastCommit = {cached.icache.clock(), plan.firstUnit, footprint.units};
        } // else nothing was used between: the lines are the most recently used already
    }
    /// Do two addresses lie in the same memory (one slave of the bus matrix)?
    bool sameMemory(Address a, Address b) const { return m_pages[a >> 12].memory == m_pages[b >> 12].memory; }

    /// Null for -1.
    const FlashSystem* system(int index) const {
        return index < 0 ? nullptr : &m_systems[static_cast<std::size_t>(index)];
    }
    /// The memory that data reads with wait states go to: these parts have one.
    const FlashSystem* dataSystem() const { return m_systems.empty() ? nullptr : &m_systems.front(); }
    bool set(const std::string& timing, const MemorySettings& settings);
    void invalidate(bool instruction, bool data);
    std::vector<std::string> assumptions() const;

private:
    struct View { ///< an address range that shows a system's bytes
        Address begin = 0;
        int system = 0;
    };
    std::vector<FlashSystem> m_systems;
    std::vector<View> m_views;
    std::vector<std::string> m_zeroWait; ///< memories without a row
    struct Page {
        std::uint8_t view = 0;   ///< 0, or index of a view + 1
        std::uint8_t memory = 0; ///< its number, aliases as what they show
    };
    static constexpr std::uint8_t kIoPort = 0xFF; ///< as a view: the single-cycle I/O port
    static constexpr auto kHit = static_cast<std::uint8_t>(DataClass::FlashHit);
    /// observeData when nothing is known of where the accesses go.
    template<bool update, bool neighbours>
    [[gnu::noinline]] std::uint64_t observeAnew(const Block& block, DataPlan& plan, const Accesses& accesses);
    /// Which units of a plan are cached, into `plan.seen`.
    [[gnu::noinline]] static void lookForCode(const FlashSystem& asked, FetchPlan& plan);
    /// commitFetch where not all is known to be cached.
    [[gnu::noinline]] static void fillCode(FlashSystem& cached, const FetchPlan& plan, const FetchFootprint& footprint);
    FlashSystem& systemOf(std::uint8_t view) { return m_systems[static_cast<std::size_t>(m_views[view - 1u].system)]; }
    bool readsThroughCache(std::uint8_t view, const Access& access) const;
    /// DataClass of what does not.
    static std::uint8_t withoutCache(std::uint8_t view, const Access& access) {
        if (view == kIoPort) {
            return static_cast<std::uint8_t>(DataClass::IoPort);
        }
        return static_cast<std::uint8_t>(view == 0 || access.write ? DataClass::ZeroWait : DataClass::FlashMiss);
    }
    std::uint32_t m_epoch = 0; ///< counts changes of the settings
    std::vector<Page> m_pages; ///< per 4 KiB
};

template<bool update, bool neighbours>
std::uint64_t FlashFront::observeAnew(const Block& block, DataPlan& plan, const Accesses& accesses) {
    plan.pattern = update ? accesses.pattern : 0;
    plan.epoch = m_epoch;
    plan.hash = 0;
    plan.cached.clear();
    plan.codes.resize(block.slots.size());
    std::uint64_t missed = 0;
    const Access* before = nullptr;
    matchAccesses(block, accesses, [&](std::size_t slot, const Access* access) {
        std::uint8_t code = access_code::kAbsent;
        bool looksUp = false;
        if (access) {
            code = neighbours ? extraTransfers(*access) : std::uint8_t{0};
            if (neighbours && before && block.slots[slot].insn == block.slots[slot - 1].insn + 1 &&
                !sameMemory(access->address, before->address)) {
                code |= kOtherMemory;
            }
            const std::uint8_t view = m_pages[access->address >> 12].view;
            looksUp = readsThroughCache(view, *access);
            code |= looksUp ? CachedReads<update>(systemOf(view), m_views[view - 1u].begin).at(access->address)
                            : withoutCache(view, *access);
            before = access;
            if (looksUp) {
                plan.cached.push_back({static_cast<std::uint16_t>(slot), view});
            }
        }
        plan.codes[slot] = code;
        const auto asHit = static_cast<std::uint8_t>(looksUp ? (code & ~access_code::kClassMask) | kHit : code);
        plan.hash ^= slotHash(slot, asHit);
        missed ^= slotHash(slot, asHit) ^ slotHash(slot, code);
    });
    return plan.hash ^ missed;
}

} // namespace simprof
