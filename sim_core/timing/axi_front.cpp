// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/timing/axi_front.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof {

AxiFront::AxiFront(const McuDesc& mcu)
    : m_pages(1u << 20, 0) {
    if (mcu.core.icacheBytes != 0) {
        m_icache = L1Cache(mcu.core.icacheBytes, 2);
    }
    if (mcu.core.dcacheBytes != 0) {
        m_dcache = L1Cache(mcu.core.dcacheBytes, 4);
    }
    for (const MemoryDesc& memory : mcu.memories) {
        const AxiRow* row = findAxiRow(memory.timing);
        if (!row) {
            const bool tcm = memory.kind == MemoryKind::Itcm || memory.kind == MemoryKind::Dtcm;
            if (!tcm && !findZeroWaitRow(memory.timing)) {
                m_zeroWait.push_back(memory.name);
            }
            continue;
        }
        std::size_t index = 0;
        while (index < m_systems.size() && m_systems[index].row != row) {
            ++index;
        }
        if (index == m_systems.size()) {
            if (m_systems.size() == kMaxSystems) {
                m_zeroWait.push_back(memory.name);
                continue;
            }
            m_systems.push_back({row, memory.name, row->reset, false});
        }
        m_ranges.push_back({memory.range, static_cast<std::uint8_t>(index + 1)});
    }
    paint();
}

/// The default memory map (DDI 0403 B3.1): code write-through, SRAM and external RAM write-back with allocation; MPU
/// regions over it.
void AxiFront::paint() {
    ++m_epoch;
    std::fill(m_pages.begin(), m_pages.end(), std::uint8_t{0});
    for (const Painted& painted : m_ranges) {
        for (std::uint64_t page = painted.range.begin >> 12; page <= (painted.range.end() - 1) >> 12; ++page) {
            const unsigned region = static_cast<unsigned>(page >> 17); // 512 MiB
            const bool cacheable = region == 0 || region == 1 || region == 3 || region == 4;
            const bool allocates = region == 1 || region == 3;
            m_pages[page] =
                static_cast<std::uint8_t>(painted.index | (cacheable ? Cacheable : 0) | (allocates ? Allocates : 0));
        }
    }
    for (const CachePolicy& policy : m_policies) {
        if (policy.range.size < 4096) {
            continue;
        }
        for (std::uint64_t page = policy.range.begin >> 12; page <= (policy.range.end() - 1) >> 12; ++page) {
            if ((m_pages[page] & IndexMask) == 0) {
                continue;
            }
            m_pages[page] = static_cast<std::uint8_t>((m_pages[page] & IndexMask) | (policy.cacheable ? Cacheable : 0) |
                                                      (policy.writeBack && policy.writeAllocate ? Allocates : 0));
        }
    }
}

M7FetchPlan AxiFront::plan(const Block& block) const {
    M7FetchPlan plan;
    const std::uint8_t page = m_pages[block.begin >> 12];
    if ((page & IndexMask) == 0) {
        return plan;
    }
    plan.system = (page & IndexMask) - 1;
    plan.firstLine = block.begin / L1Cache::kLineBytes;
    plan.lines = (block.begin + std::max<std::uint32_t>(block.size, 2) - 1) / L1Cache::kLineBytes - plan.firstLine + 1;
    return plan;
}

bool AxiFront::set(const std::string& timing, const MemorySettings& settings) {
    bool changed = false;
    for (AxiSystem& system : m_systems) {
        if (system.row->name != timing) {
            continue;
        }
        changed |= !(system.settings == settings);
        system.settings = settings;
        system.programmed = true;
    }
    return changed;
}

bool AxiFront::setL1(const L1Settings& settings) {
    const bool changed = !(settings == m_l1);
    m_l1 = settings;
    ++m_epoch;
    return changed;
}

void AxiFront::setPolicies(std::vector<CachePolicy> policies) {
    m_policies = std::move(policies);
    paint();
}

void AxiFront::invalidate(bool instruction, bool data) {
    if (instruction) {
        m_icache.clear();
    }
    if (data) {
        m_dcache.clear();
    }
}

std::vector<std::string> AxiFront::assumptions() const {
    const auto onOff = [](bool on) { return on ? "on" : "off"; };
    std::vector<std::string> lines{fmt::format("L1 instruction cache {}, L1 data cache {}",
                                               onOff(m_l1.icacheEnabled && m_icache.present()),
                                               onOff(m_l1.dcacheEnabled && m_dcache.present()))};
    for (const AxiSystem& system : m_systems) {
        if (system.row->accessCycles >= 0) {
            lines.push_back(fmt::format("{}: {} + {} cycles to the first 64 bits ({})", system.memoryName,
                                        system.row->interconnect, system.access(), system.row->title));
        } else {
            lines.push_back(fmt::format("{}: {} wait states ({}; {})", system.memoryName, system.settings.waitStates,
                                        system.row->title, system.programmed ? "as programmed" : "reset values"));
        }
    }
    for (const std::string& name : m_zeroWait) {
        lines.push_back(name + ": assumed zero wait states");
    }
    return lines;
}

} // namespace simprof
