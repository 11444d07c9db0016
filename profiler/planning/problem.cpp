// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/planning/problem.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>

namespace simprof {

Bytes peakOf(const PlanningProblem& problem, const std::vector<Bytes>& offsets) {
    Bytes peak = 0;
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        peak = std::max(peak, offsets[i] + problem.buffers[i].size);
    }
    return peak;
}

std::optional<BufferClash> findClash(const PlanningProblem& problem, const std::vector<Bytes>& offsets) {
    const auto& buffers = problem.buffers;
    std::vector<std::size_t> births(buffers.size());
    std::iota(births.begin(), births.end(), 0);
    std::vector<std::size_t> deaths = births;
    std::ranges::sort(births, {}, [&](std::size_t i) { return std::pair(buffers[i].lower, i); });
    std::ranges::sort(deaths, {}, [&](std::size_t i) { return std::pair(buffers[i].upper, i); });

    std::map<Bytes, std::size_t> live; // by offset; they share no bytes
    auto dying = deaths.begin();
    for (const std::size_t born : births) {
        for (; buffers[*dying].upper <= buffers[born].lower; ++dying) {
            live.erase(offsets[*dying]);
        }
        const auto above = live.lower_bound(offsets[born]);
        if (above != live.end() && above->first < offsets[born] + buffers[born].size) {
            return BufferClash{above->second, born};
        }
        if (above != live.begin()) {
            const std::size_t below = std::prev(above)->second;
            if (offsets[born] < offsets[below] + buffers[below].size) {
                return BufferClash{below, born};
            }
        }
        live.emplace(offsets[born], born);
    }
    return std::nullopt;
}

} // namespace simprof
