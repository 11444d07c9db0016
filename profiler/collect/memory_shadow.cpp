// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/memory_shadow.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace simprof {

namespace {

constexpr unsigned kGranuleShift = 12;
constexpr std::size_t kGranules = std::size_t{1} << (32 - kGranuleShift);

bool isSram(MemoryKind kind) {
    return kind == MemoryKind::Sram || kind == MemoryKind::Dtcm || kind == MemoryKind::Itcm;
}

} // namespace

MemoryShadow::MemoryShadow(const AddressSpace& space)
    : m_granules(kGranules) {
    std::vector<AddressRange> sram;
    for (const AddressSpace::Region& region : space.regions()) {
        if (region.desc->aliasOf) {
            m_aliases.emplace_back(region.range, *region.desc->aliasOf);
        } else if (isSram(region.desc->kind)) {
            sram.push_back(region.range);
        } else {
            m_flash.push_back(region.range);
        }
    }
    std::sort(sram.begin(), sram.end(), [](const AddressRange& a, const AddressRange& b) { return a.begin < b.begin; });
    for (const AddressRange& range : sram) {
        if (!m_areas.empty() && m_areas.back().range.end() == range.begin) {
            m_areas.back().range.size += range.size;
        } else {
            m_areas.push_back({range, {}});
        }
        m_areas.back().regions.push_back(range);
    }
    const auto mark = [this](AddressRange range, std::uint8_t kind, std::uint8_t area) {
        for (std::uint64_t g = range.begin >> kGranuleShift; g <= (range.end() - 1) >> kGranuleShift; ++g) {
            const bool whole = range.contains(g << kGranuleShift, std::uint64_t{1} << kGranuleShift);
            m_granules[g] = {whole && m_granules[g].kind == 0 ? kind : std::uint8_t{3}, area};
        }
    };
    m_states.resize(m_areas.size());
    for (std::size_t i = 0; i < m_areas.size(); ++i) {
        mark(m_areas[i].range, 1, static_cast<std::uint8_t>(i));
        m_flags.emplace_back(m_areas[i].range.size);
        m_followed.push_back({m_areas[i].range.begin, m_areas[i].range.size, m_flags[i].data()});
    }
    for (const AddressRange& range : m_flash) {
        mark(range, 2, 0);
    }
    for (const auto& [range, original] : m_aliases) {
        mark(range, 3, 0);
        (void)original;
    }
}

int MemoryShadow::areaOf(Address address) const {
    for (std::size_t i = 0; i < m_areas.size(); ++i) {
        if (m_areas[i].range.contains(address)) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

std::uint32_t MemoryShadow::ticks(Cycles at) const {
    const Cycles since = at - m_logStart;
    return static_cast<std::uint32_t>(std::min<Cycles>(since, std::numeric_limits<std::uint32_t>::max()));
}

void MemoryShadow::Builder::add(Address address, Cycles born, Cycles died) {
    if (!ranges.empty()) {
        LifeRange& last = ranges.back();
        if (address >= last.begin && address <= last.end) {
            last.end = std::max(last.end, address + 1);
            last.born = std::min(last.born, born);
            last.died = std::max(last.died, died);
            return;
        }
        if (address + 1 == last.begin) {
            last.begin = address;
            last.born = std::min(last.born, born);
            last.died = std::max(last.died, died);
            return;
        }
    }
    ranges.push_back({address, address + 1, born, died});
    tidy();
}

/// Scattered accesses must not grow without bound: joins what touches from time to time.
void MemoryShadow::Builder::tidy() {
    if (ranges.size() >= tidyAt) {
        ranges = joined(std::move(ranges));
        tidyAt = 2 * std::max<std::size_t>(ranges.size(), 1 << 13);
    }
}

void MemoryShadow::LineBuilder::add(std::uint32_t line, const ByteState& state) {
    if (!lines.empty() && lines.back().line == line) {
        lines.back().born = std::min(lines.back().born, state.born);
        lines.back().died = std::max(lines.back().died, state.died);
        return;
    }
    if (lines.size() >= tidyAt) {
        joinLines(lines);
        tidyAt = 2 * std::max<std::size_t>(lines.size(), 1 << 13);
    }
    lines.push_back({line, state.born, state.died});
}

void MemoryShadow::close(const ByteState& state, Address address) {
    const FlowKey key{state.writer, state.reader == 0 ? state.writer : static_cast<AccessorId>(state.reader - 1)};
    if (key != m_lastLife.key) {
        m_lastLife.key = key;
        m_lastLife.builder = &m_lives[key];
        m_lastLines = &m_lines[key.writer];
    }
    m_lastLines->add(address / kLineBytes, state);
    m_lastLife.builder->add(address, m_logStart + state.born, m_logStart + state.died);
}

void MemoryShadow::logRead(std::size_t area, std::uint32_t offset, AccessorId who, std::uint32_t at) {
    ByteState& state = m_states[area][offset];
    state.died = at;
    state.reader = static_cast<AccessorId>(who + 1);
    m_flags[area][offset] |= kInLog;
    const FlowKey key{state.writer, who};
    if (key != m_lastFlow.key) {
        m_lastFlow.key = key;
        m_lastFlow.builder = &m_flows[key];
    }
    m_lastFlow.builder->add(m_areas[area].range.begin + offset, m_logStart + at, m_logStart + at);
}

void MemoryShadow::logWrite(std::size_t area, std::uint32_t offset, AccessorId who, std::uint32_t at) {
    ByteState& state = m_states[area][offset];
    std::uint8_t& flags = m_flags[area][offset];
    if ((flags & kInLog) != 0) {
        if (state.writer == who && (state.reader == 0 || state.reader == who + 1)) {
            state.died = state.reader == 0 ? at : state.died;
            return; // still the same life
        }
        close(state, m_areas[area].range.begin + offset);
    }
    flags |= kInLog;
    state = {who, 0, at, at};
}

/// The granule of an address whose 64 KiB hold several memories; aliases are followed.
MemoryShadow::Granule MemoryShadow::lookCloser(Address& address) const {
    for (const auto& [range, original] : m_aliases) {
        if (range.contains(address)) {
            address = original + (address - range.begin);
        }
    }
    if (const int area = areaOf(address); area >= 0) {
        return {1, static_cast<std::uint8_t>(area)};
    }
    const bool flash = std::any_of(m_flash.begin(), m_flash.end(),
                                   [address](const AddressRange& range) { return range.contains(address); });
    return {static_cast<std::uint8_t>(flash ? 2 : 0), 0};
}

/// Adds up what goes where; the result holds for all executions of the pattern unless a page holds several memories.
void MemoryShadow::classify(const Accesses& accesses, Traffic& traffic) const {
    traffic.pattern = accesses.pattern;
    traffic.flashRead = traffic.sramRead = traffic.sramWrite = 0;
    traffic.sram.clear();
    for (std::size_t i = 0; i < accesses.size(); ++i) {
        const Access& access = accesses[i];
        Granule granule = m_granules[access.address >> kGranuleShift];
        if (granule.kind == 3) {
            Address address = access.address;
            granule = lookCloser(address);
            traffic.pattern = 0;
        }
        if (granule.kind == 1) {
            (access.write ? traffic.sramWrite : traffic.sramRead) += access.size;
            const std::uint8_t flag = access.write ? kEverWritten : kEverRead;
            traffic.sram.push_back({static_cast<std::uint16_t>(i), granule.area, access.size, flag});
        } else if (granule.kind == 2 && !access.write) {
            traffic.flashRead += access.size;
        }
    }
}

void MemoryShadow::noteConstants(const Accesses& accesses, const Traffic& traffic, AccessorId who) {
    WordSet* words = nullptr;
    Address newest = 1; // that was added; weights of one byte come four to a word
    for (const Access& access : accesses) {
        Address address = access.address;
        Granule granule = m_granules[address >> kGranuleShift];
        granule = granule.kind == 3 ? lookCloser(address) : granule;
        const bool known = address - newest + access.size <= 4;
        if (granule.kind != 2 || access.write || known || std::ranges::binary_search(traffic.literals, access.insn)) {
            continue;
        }
        words = words != nullptr ? words : &m_constants[who];
        for (Address word = address / 4 * 4; word < address + access.size; word += 4) {
            words->add(word);
            newest = word;
        }
    }
}

void MemoryShadow::follow(const Accesses& accesses, const Traffic& traffic, AccessorId who, std::uint32_t now) {
    if (m_logging && traffic.flashRead != 0) {
        noteConstants(accesses, traffic, who);
    }
    for (const Traffic::Entry& access : traffic.sram) {
        Address address = accesses[access.index].address;
        if (traffic.pattern == 0) {
            lookCloser(address); // follows aliases
        }
        const Followed& area = m_followed[access.area];
        const std::uint32_t offset = address - area.begin;
        if (address - m_stack.begin < m_stack.size || std::uint64_t{offset} + access.size > area.size) {
            continue;
        }
        mark(area.flags + offset, access);
        if (m_logging && m_bytes) {
            m_bytes->access(access.area, offset, access.size, access.flag == kEverWritten, who);
        }
        for (unsigned i = 0; m_logging && i < access.size; ++i) {
            ByteState& state = m_states[access.area][offset + i];
            if (access.flag == kEverWritten) {
                logWrite(access.area, offset + i, who, now);
            } else if (state.reader == who + 1) {
                state.died = now; // by the same reader once more
            } else {
                logRead(access.area, offset + i, who, now);
            }
        }
    }
}

void MemoryShadow::busMaster(Address address, std::uint32_t size, bool write, Cycles at) {
    Tally nobody; // a bus master's traffic is no layer's
    Traffic traffic;
    for (std::uint32_t done = 0; done < size;) {
        const auto step = static_cast<std::uint8_t>(std::min<std::uint32_t>(size - done, 8));
        const Access one{address + done, step, write};
        access({&one, 1}, traffic, kOutside, at, nobody);
        done += step;
    }
}

void MemoryShadow::startLog(Cycles at) {
    m_logging = true;
    m_logStart = at;
    m_constants.clear();
    m_lives.clear();
    m_flows.clear();
    m_lines.clear();
    m_lastFlow = m_lastLife = {};
    for (std::size_t area = 0; area < m_areas.size(); ++area) {
        m_states[area].assign(m_areas[area].range.size, {});
        for (std::uint8_t& flags : m_flags[area]) {
            flags &= static_cast<std::uint8_t>(~kInLog);
        }
    }
    if (m_bytes) {
        m_bytes->start();
    }
}

void MemoryShadow::keepByteLives() {
    std::vector<AddressRange> ranges;
    for (const Area& area : m_areas) {
        ranges.push_back(area.range);
    }
    m_bytes.emplace(ranges);
}

MemoryLog MemoryShadow::takeLog() {
    for (std::size_t area = 0; area < m_areas.size(); ++area) {
        for (std::size_t offset = 0; offset < m_flags[area].size(); ++offset) {
            if ((m_flags[area][offset] & kInLog) != 0) {
                close(m_states[area][offset], m_areas[area].range.begin + static_cast<Address>(offset));
                m_flags[area][offset] &= static_cast<std::uint8_t>(~kInLog);
            }
        }
    }
    MemoryLog log;
    log.start = m_logStart;
    for (auto& [writer, builder] : m_lines) {
        joinLines(builder.lines);
        log.lines[writer] = std::move(builder.lines);
    }
    for (auto& [key, builder] : m_lives) {
        log.lives[key] = joined(std::move(builder.ranges));
    }
    for (auto& [key, builder] : m_flows) {
        log.flows[key] = joined(std::move(builder.ranges));
    }
    for (const auto& [reader, words] : m_constants) {
        log.constants[reader] = words.ranges();
    }
    if (m_bytes) {
        m_bytes->takeInto(log);
    }
    m_logging = false;
    m_constants.clear();
    m_lives.clear();
    m_flows.clear();
    m_lines.clear();
    m_lastFlow = m_lastLife = {};
    return log;
}

Bytes MemoryShadow::distinctWritten(AddressRange range) const {
    Bytes count = 0;
    for (std::size_t i = 0; i < m_areas.size(); ++i) {
        for (std::uint64_t address = std::max<std::uint64_t>(range.begin, m_areas[i].range.begin);
             address < std::min(range.end(), m_areas[i].range.end()); ++address) {
            count += (m_flags[i][address - m_areas[i].range.begin] & kEverWritten) != 0 ? 1 : 0;
        }
    }
    return count;
}

Bytes MemoryShadow::distinctRead(AddressRange range) const {
    Bytes count = 0;
    for (std::size_t i = 0; i < m_areas.size(); ++i) {
        for (std::uint64_t address = std::max<std::uint64_t>(range.begin, m_areas[i].range.begin);
             address < std::min(range.end(), m_areas[i].range.end()); ++address) {
            count += (m_flags[i][address - m_areas[i].range.begin] & kEverRead) != 0 ? 1 : 0;
        }
    }
    return count;
}

bool MemoryShadow::written(Address address) const {
    const int area = areaOf(address);
    return area >= 0 && (m_flags[area][address - m_areas[area].range.begin] & kEverWritten) != 0;
}

bool MemoryShadow::readBefore(Address address) const {
    const int area = areaOf(address);
    return area >= 0 && (m_flags[area][address - m_areas[area].range.begin] & kEverRead) != 0;
}

} // namespace simprof
