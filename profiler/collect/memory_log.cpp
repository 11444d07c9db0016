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

void joinLines(std::vector<LineLife>& lines) {
    std::sort(lines.begin(), lines.end(), [](const LineLife& a, const LineLife& b) {
        return std::tie(a.line, a.born, a.died) < std::tie(b.line, b.born, b.died);
    });
    std::size_t kept = 0;
    for (const LineLife& life : lines) {
        if (kept > 0 && lines[kept - 1].line == life.line) {
            lines[kept - 1].died = std::max(lines[kept - 1].died, life.died);
        } else {
            lines[kept++] = life;
        }
    }
    lines.resize(kept);
}

MemoryLog renamed(const MemoryLog& log, const std::function<AccessorId(AccessorId)>& name) {
    MemoryLog result;
    result.inference = log.inference;
    result.start = log.start;
    for (const auto& [writer, lines] : log.lines) {
        std::vector<LineLife>& to = result.lines[name(writer)];
        to.insert(to.end(), lines.begin(), lines.end());
    }
    for (auto& [writer, lines] : result.lines) {
        joinLines(lines);
    }
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
    for (const auto& [reader, ranges] : log.constants) {
        std::vector<LifeRange>& all = result.constants[name(reader)];
        all.insert(all.end(), ranges.begin(), ranges.end());
    }
    for (auto& [reader, ranges] : result.constants) {
        ranges = joined(std::move(ranges));
    }
    return result;
}

} // namespace simprof
