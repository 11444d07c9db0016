// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/memory_log.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace simprof {

std::vector<LifeRange> joined(std::vector<LifeRange> ranges) {
    std::sort(ranges.begin(), ranges.end(), [](const LifeRange& a, const LifeRange& b) {
        return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
    });
    std::vector<LifeRange> result;
    for (const LifeRange& range : ranges) {
        if (!result.empty() && range.begin <= result.back().end) {
            LifeRange& last = result.back();
            last.end = std::max(last.end, range.end);
            last.born = std::min(last.born, range.born);
            last.died = std::max(last.died, range.died);
        } else {
            result.push_back(range);
        }
    }
    return result;
}

namespace {

/// Sorts lives and joins those of the same place, from the first to the last moment.
template<class Life, class Moment>
void joinBy(std::vector<Life>& lives, std::uint32_t Life::*place, Moment Life::*first, Moment Life::*last) {
    std::sort(lives.begin(), lives.end(), [&](const Life& a, const Life& b) {
        return std::tie(a.*place, a.*first, a.*last) < std::tie(b.*place, b.*first, b.*last);
    });
    std::size_t kept = 0;
    for (const Life& life : lives) {
        if (kept > 0 && lives[kept - 1].*place == life.*place) {
            lives[kept - 1].*last = std::max(lives[kept - 1].*last, life.*last);
        } else {
            lives[kept++] = life;
        }
    }
    lives.resize(kept);
}

} // namespace

Bytes sizeOf(const std::vector<LifeRange>& ranges) {
    Bytes bytes = 0;
    for (const LifeRange& range : ranges) {
        bytes += range.end - range.begin;
    }
    return bytes;
}

std::vector<LifeRange> writtenBy(const MemoryLog& log, AccessorId who) {
    std::vector<LifeRange> all;
    for (auto life = log.lives.lower_bound({who, 0}); life != log.lives.end() && life->first.writer == who; ++life) {
        all.insert(all.end(), life->second.begin(), life->second.end());
    }
    return joined(std::move(all));
}

void joinLines(std::vector<LineLife>& lines) { joinBy(lines, &LineLife::line, &LineLife::born, &LineLife::died); }

void joinLives(std::vector<ByteLife>& lives) { joinBy(lives, &ByteLife::address, &ByteLife::first, &ByteLife::last); }

void joinTraffic(std::vector<LineTraffic>& lines) {
    std::ranges::sort(lines, {}, &LineTraffic::address);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (kept != 0 && lines[kept - 1].address == lines[i].address) {
            lines[kept - 1].accesses += lines[i].accesses;
        } else {
            lines[kept++] = lines[i];
        }
    }
    lines.resize(kept);
}

MemoryLog renamed(const MemoryLog& log, const std::function<AccessorId(AccessorId)>& name) {
    MemoryLog result;
    result.inference = log.inference;
    result.start = log.start;
    result.bytesLeftOut = log.bytesLeftOut;
    const auto gather = [&name](const auto& from, auto& to, auto join) {
        for (const auto& [writer, lives] : from) {
            auto& all = to[name(writer)];
            all.insert(all.end(), lives.begin(), lives.end());
        }
        for (auto& [writer, lives] : to) {
            join(lives);
        }
    };
    gather(log.lines, result.lines, joinLines);
    gather(log.bytes, result.bytes, joinLives);
    gather(log.traffic, result.traffic, joinTraffic);
    const auto rename = [&name](const auto& from, auto& to) {
        for (const auto& [key, ranges] : from) {
            std::vector<LifeRange>& all = to[{name(key.writer), name(key.reader)}];
            all.insert(all.end(), ranges.begin(), ranges.end());
        }
        for (auto& [key, ranges] : to) {
            ranges = joined(std::move(ranges));
        }
    };
    rename(log.lives, result.lives);
    rename(log.flows, result.flows);
    gather(log.constants, result.constants, [](std::vector<LifeRange>& ranges) { ranges = joined(std::move(ranges)); });
    return result;
}

} // namespace simprof
