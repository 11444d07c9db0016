// SPDX-License-Identifier: GPL-2.0-or-later
/// A what-if: the timing of a core that is fed with blocks and accesses at other addresses, and with other settings
/// than the firmware programs. The core's own timing knows nothing of it.
#include "sim_core/timing/changed_timing.h"

#include "sim_core/decode/block_table.h"
#include "sim_core/timing/memory_table.h"

#include <algorithm>
#include <utility>

namespace simprof {
namespace {

/// Finds an address's placement; nearly all accesses of a loop go to the same one, or to none.
class PlacementTable {
public:
    explicit PlacementTable(std::vector<Placement> rows)
        : m_rows(std::move(rows)) {}

    bool empty() const { return m_rows.empty(); }
    const Placement* find(Address address) const {
        const auto behind =
            std::ranges::upper_bound(m_rows, address, {}, [](const Placement& row) { return row.from.begin; });
        return behind != m_rows.begin() && (behind - 1)->from.contains(address) ? &*(behind - 1) : nullptr;
    }
    Address fetched(Address address) const {
        const Placement* row = find(address);
        return row == nullptr ? address : static_cast<Address>(address + row->fetch);
    }

private:
    std::vector<Placement> m_rows;
};

McuDesc changedMcu(const McuDesc& mcu, const TimingChanges& changes) {
    McuDesc changed = mcu;
    changed.core.icacheBytes = changes.icacheBytes.value_or(mcu.core.icacheBytes);
    changed.core.dcacheBytes = changes.dcacheBytes.value_or(mcu.core.dcacheBytes);
    return changed;
}

class ChangedTiming final : public CoreTiming, private CostSink {
public:
    ChangedTiming(const McuDesc& mcu, const TimingChanges& changes)
        : m_changes(changes)
        , m_placements(changes.placements)
        , m_mcu(changedMcu(mcu, changes))
        , m_timing(m_mcu.core.kind->makeTiming(m_mcu)) {
        m_timing->setSink(*this);
        for (const MemoryDesc& memory : m_mcu.memories) {
            const auto flash = flashSettings(memory.timing);
            if (flash && changed(memory.timing, flash->reset) != flash->reset) {
                m_timing->setMemory(memory.timing, changed(memory.timing, flash->reset));
            }
        }
    }

    void addBlock(const Block& block) override {
        if (block.id >= m_blocks.size()) {
            m_blocks.resize(block.id + 1);
        }
        if (!m_blocks[block.id]) {
            m_blocks[block.id] = std::make_unique<Placed>();
        }
        Placed& placed = *m_blocks[block.id];
        placed.original = &block;
        placed.block = block;
        placed.pattern = {};
        if (const Placement* row = m_placements.find(block.begin)) {
            placed.block.begin = static_cast<Address>(block.begin + row->fetch);
            for (DecodedInsn& insn : placed.block.insns) {
                insn.unaligned = insn.size == 4 && ((placed.block.begin + insn.offset) & 2) != 0;
            }
        }
        placed.block.target = block.target == 0 ? 0 : m_placements.fetched(block.target);
        m_timing->addBlock(placed.block);
    }

    Cycles retire(const Block& block, const Accesses& accesses, Address next) override {
        m_timing->setOwner(m_owner);
        Placed& placed = *m_blocks[block.id];
        const Address follows = next == block.fallThrough() ? placed.block.fallThrough() : m_placements.fetched(next);
        if (m_placements.empty() || accesses.empty()) {
            return m_timing->retire(placed.block, accesses, follows);
        }
        const std::span<const Access> made = moved(accesses);
        const std::uint32_t pattern =
            accesses.pattern == 0 ? 0 : placed.pattern.numberOf(made, placed.block.slots.size());
        return m_timing->retire(placed.block, Accesses(made, pattern), follows);
    }

    void repeatLast(std::uint64_t times) override {
        m_timing->setOwner(m_owner);
        m_timing->repeatLast(times);
    }
    void settle() override { m_timing->settle(); }
    Cycles cyclesBefore(const Block& block, std::span<const Access> done) const override {
        return m_timing->cyclesBefore(m_blocks[block.id]->block, moved(done));
    }
    void flushPipeline() override { m_timing->flushPipeline(); }
    void setMemory(const std::string& timing, const MemorySettings& settings) override {
        m_timing->setMemory(timing, changed(timing, settings));
    }
    void setL1(const L1Settings& settings) override {
        m_timing->setL1(
            {m_changes.icache.value_or(settings.icacheEnabled), m_changes.dcache.value_or(settings.dcacheEnabled)});
    }
    void setCachePolicies(std::vector<CachePolicy> policies) override {
        m_timing->setCachePolicies(std::move(policies));
    }
    void invalidateCaches(bool instruction, bool data) override { m_timing->invalidateCaches(instruction, data); }
    std::uint32_t exceptionEntryCycles(bool fpFrame, bool lazy) const override {
        return m_timing->exceptionEntryCycles(fpFrame, lazy);
    }
    std::uint32_t exceptionReturnCycles(bool fpFrame) const override {
        return m_timing->exceptionReturnCycles(fpFrame);
    }
    std::uint32_t tailChainCycles() const override { return m_timing->tailChainCycles(); }
    std::vector<Cycles> instructionCycles(const Block& block) const override {
        return m_timing->instructionCycles(block);
    }
    std::vector<std::array<Cycles, kStallCount>> instructionStalls(const Block& block) const override {
        return m_timing->instructionStalls(block);
    }
    std::vector<std::string> assumptions() const override { return m_timing->assumptions(); }

private:
    /// A block as timing sees it.
    struct Placed {
        const Block* original = nullptr;
        Block block;
        AccessPattern pattern; ///< of the accesses where timing sees them
    };

    void addCost(const Block& block, const BlockCost& cost, std::uint64_t times, std::uint32_t owner) override {
        m_sink->addCost(*m_blocks[block.id]->original, cost, times, owner);
    }

    /// Valid until the next call.
    std::span<const Access> moved(std::span<const Access> accesses) const {
        m_moved.resize(accesses.size() + kAccessStep);
        std::ranges::transform(accesses, m_moved.begin(), [this](Access access) {
            const Placement* row = m_placements.find(access.address);
            access.address = row == nullptr ? access.address : static_cast<Address>(access.address + row->data);
            return access;
        });
        return std::span<const Access>(m_moved).first(accesses.size());
    }

    MemorySettings changed(const std::string& timing, MemorySettings settings) const {
        const auto flash = flashSettings(timing);
        if (!flash) {
            return settings;
        }
        settings.waitStates =
            flash->fixedWaits ? settings.waitStates : m_changes.waitStates.value_or(settings.waitStates);
        settings.prefetch = flash->hasPrefetch ? m_changes.prefetch.value_or(settings.prefetch) : settings.prefetch;
        if (!m_mcu.core.kind->hasL1()) {
            settings.icache = flash->hasIcache ? m_changes.icache.value_or(settings.icache) : settings.icache;
            settings.dcache = flash->hasDcache ? m_changes.dcache.value_or(settings.dcache) : settings.dcache;
        }
        return settings;
    }

    TimingChanges m_changes;
    PlacementTable m_placements;
    McuDesc m_mcu;
    std::unique_ptr<CoreTiming> m_timing;
    std::vector<std::unique_ptr<Placed>> m_blocks; ///< by Block::id; the timing keeps pointers to them
    mutable std::vector<Access> m_moved;
};

} // namespace

std::optional<FlashSettings> flashSettings(const std::string& timing) {
    if (const FlashRow* row = findFlashRow(timing)) {
        const bool icache = row->icacheLines != 0;
        return FlashSettings{row->missWaits >= 0 || row->fixedWaits, row->hasPrefetch, icache,
                             row->dcacheLines != 0 || (row->unified && icache), row->reset};
    }
    if (const AxiRow* row = findAxiRow(timing); row != nullptr && row->accessCycles < 0) {
        return FlashSettings{false, false, false, false, row->reset};
    }
    return std::nullopt;
}

std::unique_ptr<CoreTiming> makeCoreTiming(const McuDesc& mcu, const TimingChanges& changes) {
    return changes.leaveTiming() ? makeCoreTiming(mcu) : std::make_unique<ChangedTiming>(mcu, changes);
}

} // namespace simprof
