// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace simprof {

/// Who accesses memory: 0 everything outside a layer, n + 1 layer n; while it is not known whether a layer was inlined
/// there, kHostAfter + n the code that calls the layers, after layer n.
using AccessorId = std::uint16_t;
inline constexpr AccessorId kOutside = 0;
inline constexpr AccessorId kHostAfter = 0x8000;
/// Layers of other networks than the one that the log is kept for.
inline constexpr AccessorId kOtherNetwork = 0x7FFF;

/// Neighbouring bytes with one writer and one life: first write to last read.
struct LifeRange {
    Address begin = 0;
    Address end = 0;
    Cycles born = 0;
    Cycles died = 0;
};

/// Bytes one accessor wrote and another read.
struct FlowKey {
    AccessorId writer = 0;
    AccessorId reader = 0;
    auto operator<=>(const FlowKey&) const = default;
};

/// The hull of the lives of up to kLineBytes neighbouring bytes with one writer.
struct LineLife {
    std::uint32_t line = 0; ///< address / kLineBytes
    std::uint32_t born = 0; ///< cycles since MemoryLog::start
    std::uint32_t died = 0;
};
inline constexpr Address kLineBytes = 16;

/// A byte while the content of one writer lies there.
struct ByteLife {
    Address address = 0;
    std::uint32_t first = 0; ///< number of the first access; 0: it was written before the log began
    std::uint32_t last = 0;  ///< number of the last access
    bool operator==(const ByteLife&) const = default;
};

/// Accesses to 16 bytes of one writer's content.
struct LineTraffic {
    static constexpr Address kBytes = 16;
    Address address = 0; ///< a multiple of kBytes
    std::uint64_t accesses = 0;
    bool operator==(const LineTraffic&) const = default;
};

/// What was observed of SRAM during one inference.
struct MemoryLog {
    std::uint32_t inference = 0; ///< its number among those of its network
    Cycles start = 0;
    std::map<AccessorId, std::vector<LineLife>> lines; ///< by writer, sorted by address, each line once
    std::map<FlowKey, std::vector<LifeRange>>
        lives; ///< key: writer and last reader (equal when only the writer read it)
    std::map<FlowKey, std::vector<LifeRange>> flows; ///< key: writer and each reader; times of first reads
    std::map<AccessorId, std::vector<LifeRange>>
        constants;                                     ///< words of flash that were read, literals of code excepted
    std::map<AccessorId, std::vector<ByteLife>> bytes; ///< on demand: by writer, sorted by address, each byte once
    std::map<AccessorId, std::vector<LineTraffic>> traffic; ///< on demand: by writer, sorted by address, each once
    std::size_t bytesLeftOut = 0;                           ///< lives of bytes, when they were too many to be kept
};

/// Sorts ranges and joins those that touch; times span both.
std::vector<LifeRange> joined(std::vector<LifeRange> ranges);

/// Bytes of ranges, one that lies in two counts twice.
Bytes sizeOf(const std::vector<LifeRange>& ranges);

/// What `who` wrote, sorted and disjoint.
std::vector<LifeRange> writtenBy(const MemoryLog& log, AccessorId who);

/// Sorts lines and joins those of the same place; times span both.
void joinLines(std::vector<LineLife>& lines);

/// Sorts lives and joins those of the same byte; from the first to the last access.
void joinLives(std::vector<ByteLife>& lives);

/// Sorts lines and adds up those of the same place.
void joinTraffic(std::vector<LineTraffic>& lines);

/// The log with other names for those who accessed memory; what two did who are now one is joined.
MemoryLog renamed(const MemoryLog& log, const std::function<AccessorId(AccessorId)>& name);

} // namespace simprof
