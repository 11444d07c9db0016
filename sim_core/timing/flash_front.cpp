// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/timing/flash_front.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

namespace simprof {

bool FetchLines::contains(std::uint32_t unit, const FlashRow& row) const {
    const std::uint32_t perLine = row.icacheLineBytes / row.unitBytes;
    for (const Line& line : lines) {
        if (line.number == static_cast<std::int32_t>(unit / perLine)) {
            return (line.valid >> (unit % perLine) & 1) != 0;
        }
    }
    return false;
}

void FetchLines::use(std::uint32_t unit, const FlashRow& row, bool fill) {
    const std::uint32_t perLine = row.icacheLineBytes / row.unitBytes;
    const auto number = static_cast<std::int32_t>(unit / perLine);
    if (!fill && !contains(unit, row)) {
        return;
    }
    const auto end = lines.begin() + row.icacheLines;
    auto line = std::find_if(lines.begin(), end, [number](const Line& l) { return l.number == number; });
    if (line == end) {
        --line; // the least recently used one goes
        *line = {number, 0};
    }
    line->valid |= 1u << (unit % perLine);
    std::rotate(lines.begin(), line, line + 1);
}

FlashFront::FlashFront(const McuDesc& mcu)
    : m_pages(1u << 20) {
    const auto mark = [this](const AddressRange& range, std::uint8_t value) {
        for (std::uint64_t page = range.begin >> 12; page <= (range.end() - 1) >> 12 && range.size != 0; ++page) {
            m_pages[page].view = value;
        }
    };
    const auto aliased = [this](const MemoryDesc& memory) {
        for (std::size_t i = 0; memory.aliasOf && i < m_views.size(); ++i) {
            if (m_views[i].begin == *memory.aliasOf) {
                return m_views[i].system;
            }
        }
        return -1;
    };
    // An alias comes after what it shows, whatever the order of the description.
    std::vector<MemoryDesc> memories = mcu.memories;
    std::stable_partition(memories.begin(), memories.end(), [](const MemoryDesc& m) { return !m.aliasOf; });
    std::uint8_t number = 0;
    for (const MemoryDesc& memory : memories) {
        const std::uint8_t shown = memory.aliasOf ? m_pages[*memory.aliasOf >> 12].memory : ++number;
        for (std::uint64_t page = memory.range.begin >> 12;
             memory.range.size != 0 && page <= (memory.range.end() - 1) >> 12; ++page) {
            m_pages[page].memory = shown;
        }
        const FlashRow* row = findFlashRow(memory.timing);
        if (!row) {
            if (!findZeroWaitRow(memory.timing)) {
                m_zeroWait.push_back(memory.name +
                                     (memory.timing.empty() ? "" : " (timing \"" + memory.timing + "\" unknown)"));
            }
            continue;
        }
        if (const int base = aliased(memory); base >= 0) {
            m_views.push_back({memory.range.begin, base});
            mark(memory.range, static_cast<std::uint8_t>(m_views.size()));
            continue;
        }
        FlashSystem system;
        system.row = row;
        system.memoryName = memory.name;
        system.size = memory.range.size;
        system.unitShift = static_cast<unsigned>(std::countr_zero(row->unitBytes));
        if (!system.buffers()) {
            system.icache =
                LineCache(row->icacheLines, row->icacheWays, row->icacheLineBytes, row->unitBytes, memory.range.size);
        }
        system.program(row->reset);
        system.dcache =
            LineCache(row->dcacheLines, row->dcacheWays, row->dcacheLineBytes, row->unitBytes, memory.range.size);
        m_systems.push_back(std::move(system));
        m_views.push_back({memory.range.begin, static_cast<int>(m_systems.size()) - 1});
        mark(memory.range, static_cast<std::uint8_t>(m_views.size()));
    }
    mark(mcu.core.ioPort, kIoPort);
}

FetchPlan FlashFront::plan(const Block& block, unsigned aheadBytes) {
    FetchPlan plan;
    const std::uint8_t number = m_pages[block.begin >> 12].view;
    if (number == 0 || number == kIoPort) {
        return plan;
    }
    const View& view = m_views[number - 1u];
    plan.system = view.system;
    const std::uint32_t unitBytes = system(view.system)->row->unitBytes, begin = block.begin - view.begin;
    const std::uint32_t size = std::max<std::uint32_t>(block.size, 2);
    plan.firstUnit = begin / unitBytes;
    if (block.end == BlockEnd::CondBranch && block.target != 0 && m_pages[block.target >> 12].view == number) {
        plan.targetUnit = (block.target - view.begin) / unitBytes;
    }
    plan.units = (begin + size - 1) / unitBytes - plan.firstUnit + 1;
    // The fetch reaches `aheadBytes` on, and a prefetch asks whether the unit after that is cached.
    plan.aheadUnits = (begin + size - 1 + aheadBytes) / unitBytes + 1 - (plan.firstUnit + plan.units - 1);
    LineCache& cache = m_systems[static_cast<std::size_t>(view.system)].icache;
    cache.watch(plan.firstUnit, plan.units + plan.aheadUnits);
    if (plan.targetUnit >= 0) {
        cache.watch(static_cast<std::uint32_t>(plan.targetUnit), 1);
    }
    return plan;
}

void FlashFront::lookForCode(const FlashSystem& asked, FetchPlan& plan) {
    FetchPlan::Seen& seen = plan.seen;
    seen.version = asked.icache.version();
    seen.hash = 0;
    const std::uint32_t count = plan.units + plan.aheadUnits;
    seen.missing.resize((count + 63) / 64);
    for (std::uint32_t first = 0; first < count; first += 64) {
        const std::uint64_t missing = asked.icache.missing(plan.firstUnit + first, std::min(count - first, 64u));
        seen.missing[first / 64] = missing;
        if (missing != 0) {
            seen.hash = mixHash(seen.hash + first + hash_of::kFetch, missing);
        }
    }
    seen.targetMissing = plan.targetUnit >= 0 && !asked.icache.contains(static_cast<std::uint32_t>(plan.targetUnit));
    asked.icache.slots(plan.firstUnit, count, seen.slots);
}

void FlashFront::describe(const FlashPlan& plan, const FetchLines& lines, Situation& situation) const {
    situation.codes = plan.data.codes;
    const FlashSystem* asked = system(plan.system);
    situation.fetchMiss.clear();
    situation.targetMissing = asked && !asked->caching();
    if (!asked || !asked->caching()) {
        return;
    }
    if (!asked->buffers()) {
        situation.fetchMiss = plan.seen.missing;
        situation.targetMissing = !situation.taken && plan.seen.targetMissing;
        return;
    }
    situation.fetchMiss.assign((plan.units + plan.aheadUnits + 63) / 64, 0);
    for (std::uint32_t i = 0; i < plan.units + plan.aheadUnits; ++i) {
        if (!lines.contains(plan.firstUnit + i, *asked->row)) {
            situation.fetchMiss[i / 64] |= std::uint64_t{1} << (i % 64);
        }
    }
    situation.targetMissing = !situation.taken && plan.targetUnit >= 0 &&
                              !lines.contains(static_cast<std::uint32_t>(plan.targetUnit), *asked->row);
}

void FlashFront::fillCode(FlashSystem& cached, const FetchPlan& plan, const FetchFootprint& footprint) {
    for (std::uint32_t i = 0; i < footprint.units; ++i) {
        const std::uint32_t unit = plan.firstUnit + i;
        if (!cached.icache.touch(unit) && (i >= 64 || !(footprint.fromPrefetch >> i & 1))) {
            cached.icache.fill(unit);
        }
    }
    if (footprint.targetFilled) {
        cached.icache.fill(static_cast<std::uint32_t>(plan.targetUnit));
    }
}

bool FlashFront::readsThroughCache(std::uint8_t view, const Access& access) const {
    if (view == 0 || view == kIoPort || access.write) {
        return false;
    }
    const FlashSystem& system = m_systems[static_cast<std::size_t>(m_views[view - 1u].system)];
    return system.row->unified ? system.icache.present() && system.settings.icache
                               : system.dcache.present() && system.settings.dcache;
}

bool FlashFront::set(const std::string& timing, const MemorySettings& settings) {
    bool changed = false;
    for (FlashSystem& system : m_systems) {
        if (system.row->name != timing) {
            continue;
        }
        changed |= !(system.settings == settings);
        system.program(settings);
        system.programmed = true;
        ++m_epoch;
    }
    return changed;
}

void FlashFront::invalidate(bool instruction, bool data) {
    for (FlashSystem& system : m_systems) {
        if (instruction) {
            system.icache.clear();
        }
        if (data) {
            system.dcache.clear();
            system.lastRead = FlashSystem::kNothingRead;
        }
    }
}

std::vector<std::string> FlashFront::assumptions() const {
    std::vector<std::string> lines;
    for (const FlashSystem& system : m_systems) {
        const auto onOff = [](bool on) { return on ? "on" : "off"; };
        lines.push_back(fmt::format("{}: {} wait states, prefetch {}, instruction cache {}, data cache {} ({}; {})",
                                    system.memoryName, system.missWaits(), onOff(system.settings.prefetch),
                                    onOff(system.caching()),
                                    onOff(system.settings.dcache && (system.dcache.present() || system.row->unified)),
                                    system.row->title, system.programmed ? "as programmed" : "reset values"));
    }
    for (const std::string& name : m_zeroWait) {
        lines.push_back(name + ": assumed zero wait states");
    }
    return lines;
}

} // namespace simprof
