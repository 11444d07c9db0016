// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/memory_log.h"

#include <cstddef>
#include <map>
#include <vector>

namespace simprof {

/// Notes the first and the last access to each byte while the content of one writer lies there, and counts accesses.
/// They are numbered in program order, since those of one block share a cycle. Takes 13 bytes of the host a byte of
/// SRAM and 12 a life.
class ByteWatch {
public:
    /// `areas`: SRAM, by the number of the area.
    explicit ByteWatch(const std::vector<AddressRange>& areas);

    /// Forgets what it has noted.
    void start();
    /// The next access; all its bytes lie in the area.
    void access(std::size_t area, std::uint32_t offset, std::uint32_t size, bool write, AccessorId who);
    /// Ends all lives and hands them over.
    void takeInto(MemoryLog& log);

private:
    struct State {
        AccessorId writer = kOutside;
        std::uint32_t first = 0; ///< 0: it was written before
        std::uint32_t last = 0;  ///< 0: no access yet
    };
    struct Line {
        AccessorId writer = kOutside;
        std::uint64_t accesses = 0;
    };
    struct Area {
        Address begin = 0;
        std::vector<State> bytes;
        std::vector<Line> lines; ///< of LineTraffic::kBytes
    };
    struct Lives {
        std::vector<ByteLife> lives;
        std::size_t joinAt = 1 << 16;
    };

    void close(const State& state, Address address);
    void close(Line& line, Address address);

    std::vector<Area> m_areas;
    std::map<AccessorId, Lives> m_lives; ///< that have ended
    std::map<AccessorId, std::vector<LineTraffic>> m_traffic;
    std::size_t m_kept = 0; ///< in both
    std::uint32_t m_accesses = 0;
    bool m_isTooMuch = false;
};

} // namespace simprof
