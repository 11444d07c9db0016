// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/byte_watch.h"

#include <algorithm>
#include <limits>

namespace simprof {
namespace {

constexpr std::size_t kMostLives = 1 << 23; ///< 96 MB
constexpr std::uint32_t kMostAccesses = std::numeric_limits<std::uint32_t>::max();

} // namespace

ByteWatch::ByteWatch(const std::vector<AddressRange>& areas) {
    for (const AddressRange& area : areas) {
        m_areas.push_back({area.begin, std::vector<State>(area.size),
                           std::vector<Line>((area.size + LineTraffic::kBytes - 1) / LineTraffic::kBytes)});
    }
}

void ByteWatch::start() {
    for (Area& area : m_areas) {
        std::ranges::fill(area.bytes, State());
        std::ranges::fill(area.lines, Line());
    }
    m_lives.clear();
    m_traffic.clear();
    m_kept = 0;
    m_accesses = 0;
    m_isTooMuch = false;
}

void ByteWatch::access(std::size_t area, std::uint32_t offset, std::uint32_t size, bool write, AccessorId who) {
    if (m_isTooMuch || m_accesses == kMostAccesses) {
        m_isTooMuch = true;
        return;
    }
    ++m_accesses;
    for (std::uint32_t i = offset; i < offset + size; ++i) {
        State& state = m_areas[area].bytes[i];
        if (write && (state.writer != who || state.last == 0)) {
            close(state, m_areas[area].begin + i);
            state = {who, m_accesses, m_accesses};
        }
        state.last = m_accesses;
    }
    const std::size_t number = offset / LineTraffic::kBytes;
    Line& line = m_areas[area].lines[number];
    const AccessorId writer = m_areas[area].bytes[offset].writer;
    if (line.writer != writer) {
        close(line, m_areas[area].begin + static_cast<Address>(number) * LineTraffic::kBytes);
        line.writer = writer;
    }
    ++line.accesses;
}

void ByteWatch::close(Line& line, Address address) {
    if (line.accesses != 0) {
        m_traffic[line.writer].push_back({address, line.accesses});
        ++m_kept;
        m_isTooMuch = m_isTooMuch || m_kept > kMostLives;
    }
    line.accesses = 0;
}

void ByteWatch::close(const State& state, Address address) {
    if (state.last == 0) {
        return;
    }
    Lives& of = m_lives[state.writer];
    of.lives.push_back({address, state.first, state.last});
    ++m_kept;
    if (of.lives.size() >= of.joinAt || m_kept > kMostLives) {
        m_kept -= of.lives.size();
        joinLives(of.lives);
        m_kept += of.lives.size();
        of.joinAt = 2 * of.lives.size() + (1 << 16);
    }
    m_isTooMuch = m_isTooMuch || m_kept > kMostLives;
}

void ByteWatch::takeInto(MemoryLog& log) {
    for (const Area& area : m_areas) {
        for (std::size_t i = 0; i < area.bytes.size(); ++i) {
            close(area.bytes[i], area.begin + static_cast<Address>(i));
        }
    }
    for (Area& area : m_areas) {
        for (std::size_t i = 0; i < area.lines.size(); ++i) {
            close(area.lines[i], area.begin + static_cast<Address>(i) * LineTraffic::kBytes);
        }
    }
    log.bytesLeftOut = m_isTooMuch ? m_kept : 0;
    if (!m_isTooMuch) {
        for (auto& [writer, of] : m_lives) {
            joinLives(of.lives);
            log.bytes[writer] = std::move(of.lives);
        }
        for (auto& [writer, lines] : m_traffic) {
            joinTraffic(lines);
            log.traffic[writer] = std::move(lines);
        }
    }
    m_lives.clear();
    m_traffic.clear();
}

} // namespace simprof
