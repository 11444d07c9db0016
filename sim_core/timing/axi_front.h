// SPDX-License-Identifier: GPL-2.0-or-later
/// The M7's L1 caches, TCMs and the memories behind its AXI port: which lines hit, in program order.
#pragma once
#include "sim_core/timing/l1_cache.h"
#include "sim_core/timing/memory_table.h"
#include "sim_core/timing/timeline.h"

#include <span>
#include <string>
#include <vector>

namespace simprof {

/// What a data access of the M7 met (access_code's class); the memory is in bits 6 and 7, bit 3 says "same bank as the
/// load before".
enum class M7Access : std::uint8_t { Hit = 0, ReadMiss = 1, WriteMiss = 2, Uncached = 3 };
inline constexpr std::uint8_t kM7SameBank = 0x08;
inline constexpr unsigned kM7MemoryShift = 6;

/// A memory with wait states behind AXI.
struct AxiSystem {
    const AxiRow* row = nullptr;
    std::string memoryName;
    MemorySettings settings;
    bool programmed = false;

    int access() const {
        return row->accessCycles >= 0 ? row->accessCycles : static_cast<int>(settings.waitStates) + 1;
    }
    int lineBusy() const {
        return row->lineReads == 0 ? static_cast<int>(row->lineBusyCycles)
                                   : static_cast<int>(row->lineReads * (settings.waitStates + 1));
    }
};

/// What of a block's code matters to the instruction cache.
struct M7FetchPlan {
    int system = -1;       ///< index of AxiSystem, or -1: TCM or zero wait
    Address firstLine = 0; ///< address / 32
    std::uint32_t lines = 0;
};

/// Where a block's data accesses go.
struct M7DataPlan {
    std::uint32_t pattern = 0; ///< Accesses::pattern and settings for which the rest holds
    std::uint32_t epoch = 0;
    std::uint64_t hash = 0;             ///< of the codes of all slots that are not in `varying`
    std::vector<std::uint16_t> varying; ///< slots whose code depends on the data cache or on more of the address
    std::vector<std::uint8_t> codes;    ///< access_code by slot, as they were last
};

/// A block as the memories see it.
struct M7Plan : M7FetchPlan {
    M7DataPlan data;
};

class AxiFront {
public:
    static constexpr std::size_t kMaxSystems = 3; ///< 2 bits in access_code, one value reserved
    explicit AxiFront(const McuDesc& mcu);

    M7FetchPlan plan(const Block& block) const;
    /// Looks the block's lines up (and brings them in); returns a hash of what was missing.
    template<bool update>
    std::uint64_t observeFetch(const M7FetchPlan& plan, Situation& situation);
    /// What the accesses of one execution meet, kept in `plan`; returns a hash of it.
    template<bool update>
    std::uint64_t observeData(const Block& block, M7DataPlan& plan, const Accesses& accesses) {
        if (block.slots.empty()) {
            return 0;
        }
        if (accesses.pattern == 0 || accesses.pattern != plan.pattern || m_epoch != plan.epoch) {
            return observeAnew<update>(block, plan, accesses);
        }
        std::uint64_t hash = plan.hash;
        for (const std::uint16_t slot : plan.varying) {
            const std::uint8_t code =
                codeOf<update>(block, slot, accesses[slot], slot == 0 ? nullptr : &accesses[slot - 1u]);
            plan.codes[slot] = code;
            hash ^= slotHash(slot, code);
        }
        return hash;
    }

    const std::vector<AxiSystem>& systems() const { return m_systems; }
    bool set(const std::string& timing, const MemorySettings& settings);
    bool setL1(const L1Settings& settings);
    void setPolicies(std::vector<CachePolicy> policies);
    void invalidate(bool instruction, bool data);
    std::vector<std::string> assumptions() const;

private:
    enum Page : std::uint8_t { IndexMask = 0x07, Cacheable = 0x10, Allocates = 0x20 };
    void paint();
    template<bool update>
    [[gnu::noinline]] std::uint64_t observeAnew(const Block& block, M7DataPlan& plan, const Accesses& accesses);
    bool readsThroughCache(std::uint8_t page) const {
        return (page & IndexMask) != 0 && (page & Cacheable) != 0 && m_l1.dcacheEnabled && m_dcache.present();
    }
    /// Do the access of `slot` and the one `before` belong to loads of two instructions in a row?
    static bool isPair(const Block& block, std::size_t slot, const Access& access, const Access* before) {
        return before != nullptr && !access.write && !before->write &&
               block.slots[slot].insn == block.slots[slot - 1].insn + 1;
    }
    template<bool update>
    std::uint8_t classify(const Access& access);
    /// access_code of a slot whose access was made; `before`: the last one before it, or null.
    template<bool update>
    std::uint8_t codeOf(const Block& block, std::size_t slot, const Access& access, const Access* before) {
        const std::uint8_t code = classify<update>(access);
        const bool sameBank = isPair(block, slot, access, before) && ((access.address ^ before->address) & 4) == 0;
        return sameBank ? code | kM7SameBank : code;
    }

    std::uint32_t m_epoch = 0; ///< counts changes of the settings
    std::vector<AxiSystem> m_systems;
    struct Painted {
        AddressRange range;
        std::uint8_t index = 0;
    };
    std::vector<Painted> m_ranges;
    std::vector<CachePolicy> m_policies;
    std::vector<std::string> m_zeroWait;
    std::vector<std::uint8_t> m_pages; ///< per 4 KiB: index of the system + 1, and how it is cached
    L1Settings m_l1;
    L1Cache m_icache, m_dcache;
};

template<bool update>
std::uint64_t AxiFront::observeFetch(const M7FetchPlan& plan, Situation& situation) {
    if (plan.system < 0) {
        return 0;
    }
    situation.fetchMiss.resize((plan.lines + 63) / 64);
    const bool cacheable = (m_pages[plan.firstLine * L1Cache::kLineBytes >> 12] & Cacheable) != 0;
    if (!m_l1.icacheEnabled || !m_icache.present() || !cacheable) {
        for (std::uint64_t& word : situation.fetchMiss) {
            word = ~std::uint64_t{0};
        }
        return 0;
    }
    std::uint64_t hash = 0;
    for (std::uint32_t first = 0; first < plan.lines; first += 64) {
        std::uint64_t missing = 0;
        for (std::uint32_t i = first; i < plan.lines && i < first + 64; ++i) {
            const Address address = (plan.firstLine + i) * L1Cache::kLineBytes;
            if (m_icache.lookUp<update>(address)) {
                continue;
            }
            missing |= std::uint64_t{1} << (i % 64);
            if constexpr (update) {
                m_icache.fill(address);
            }
        }
        situation.fetchMiss[first / 64] = missing;
        if (missing != 0) {
            hash = mixHash(hash + first + hash_of::kFetch, missing);
        }
    }
    return hash;
}

template<bool update>
std::uint8_t AxiFront::classify(const Access& access) {
    const std::uint8_t page = m_pages[access.address >> 12];
    const unsigned alignment = access.size < 4 ? access.size : 4;
    std::uint8_t code = 0;
    if ((access.address & (alignment - 1)) != 0 && !access.write) {
        code = 1u << access_code::kMisalignedShift;
    }
    if ((page & IndexMask) == 0) {
        return code;
    }
    const auto memory = static_cast<std::uint8_t>(((page & IndexMask) - 1u) << kM7MemoryShift);
    if (!readsThroughCache(page)) {
        return access.write ? code
                            : static_cast<std::uint8_t>(code | memory | static_cast<std::uint8_t>(M7Access::Uncached));
    }
    if (m_dcache.lookUp<update>(access.address)) {
        return code;
    }
    if (access.write && !(page & Allocates)) {
        return code;
    }
    if constexpr (update) {
        m_dcache.fill(access.address);
    }
    return code | memory | static_cast<std::uint8_t>(access.write ? M7Access::WriteMiss : M7Access::ReadMiss);
}

template<bool update>
std::uint64_t AxiFront::observeAnew(const Block& block, M7DataPlan& plan, const Accesses& accesses) {
    plan.pattern = update ? accesses.pattern : 0;
    plan.epoch = m_epoch;
    plan.hash = 0;
    plan.varying.clear();
    plan.codes.resize(block.slots.size());
    std::uint64_t hash = 0;
    const Access* before = nullptr;
    matchAccesses(block, accesses, [&](std::size_t slot, const Access* access) {
        std::uint8_t code = access_code::kAbsent;
        bool varies = false;
        if (access != nullptr) {
            code = codeOf<update>(block, slot, *access, before);
            varies = isPair(block, slot, *access, before) || readsThroughCache(m_pages[access->address >> 12]);
            before = access;
        }
        plan.codes[slot] = code;
        hash ^= slotHash(slot, code);
        if (varies) {
            plan.varying.push_back(static_cast<std::uint16_t>(slot));
        } else {
            plan.hash ^= slotHash(slot, code);
        }
    });
    return hash;
}

} // namespace simprof
