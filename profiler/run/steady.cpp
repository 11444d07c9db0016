// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/run/steady.h"

#include "profiler/text/numbers.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof {

namespace {

constexpr Cycles kEqualWithin = 1000; ///< one in so many

} // namespace

void SteadyWatch::ended(std::int32_t network, Cycles inLayers) {
    std::vector<Cycles>& last = m_last[network];
    if (last.size() == kEqual) {
        last.erase(last.begin());
    }
    last.push_back(inLayers);
}

bool SteadyWatch::steady() const {
    return !m_last.empty() && std::ranges::all_of(m_last, [](const auto& network) {
        const auto [least, most] = std::ranges::minmax(network.second);
        return network.second.size() == kEqual && (most - least) * kEqualWithin <= most;
    });
}

std::string SteadyWatch::text() const {
    std::string cycles;
    for (const auto& [network, last] : m_last) {
        const auto [least, most] = std::ranges::minmax(last);
        cycles += (cycles.empty() ? "" : ", ") + grouped(least) + (most == least ? "" : " to " + grouped(most));
    }
    return fmt::format("the layers took {} cycles in each of the last {} inferences; --until exit runs on", cycles,
                       kEqual);
}

} // namespace simprof
