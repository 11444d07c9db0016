// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/gap_watch.h"

#include <algorithm>

namespace simprof {

namespace {

constexpr std::uint64_t kFewestMultiplies = 64; ///< of a path that may compute features
constexpr unsigned kMostTries = 16;             ///< gaps that are looked at

} // namespace

PathCost& PathCost::operator+=(const PathCost& other) {
    cycles += other.cycles;
    instructions += other.instructions;
    multiplies += other.multiplies;
    for (std::size_t i = 0; i < kStallCount; ++i) {
        stalls[i] += other.stalls[i];
    }
    return *this;
}

void GapWatch::add(bool startUp, std::int32_t node, const BlockCost& cost, std::uint64_t times,
                   std::uint64_t instructions, std::uint64_t multiplies) {
    if (node >= kMostPaths) {
        return;
    }
    std::vector<PathCost>& paths = startUp ? m_recording.gaps.startUp : m_recording.gaps.between;
    const auto index = static_cast<std::size_t>(node);
    if (index >= paths.size()) {
        paths.resize(std::max(index + 1, 2 * paths.size()));
    }
    PathCost& path = paths[index];
    path.cycles += times * cost.cycles;
    path.instructions += instructions;
    path.multiplies += multiplies;
    for (std::size_t i = 0; i < kStallCount; ++i) {
        path.stalls[i] += times * cost.stalls[i];
    }
}

bool GapWatch::mayHoldFeatures() const {
    const std::vector<std::int32_t> open = m_calls.openNodes();
    const auto multiplies = [&open](const std::vector<PathCost>& paths) {
        for (std::size_t i = 0; i < paths.size(); ++i) {
            if (paths[i].multiplies >= kFewestMultiplies &&
                std::ranges::count(open, static_cast<std::int32_t>(i)) == 0) {
                return true;
            }
        }
        return false;
    };
    return multiplies(m_recording.gaps.startUp) || multiplies(m_recording.gaps.between);
}

void GapWatch::begin(Cycles at) {
    if (m_recording.gaps.accesses || m_shadow.logging() || m_tries == kMostTries) {
        return;
    }
    ++m_tries;
    if (mayHoldFeatures()) {
        m_shadow.startLog(at);
        m_since = at;
        m_isLogging = true;
    }
}

AccessorId GapWatch::accessor(std::int32_t node) {
    if (node >= kMostPaths) {
        return kOutside;
    }
    m_accessors.resize(kMostPaths);
    AccessorId& number = m_accessors[static_cast<std::size_t>(node)];
    std::vector<std::int32_t>& nodes = m_recording.gaps.nodes;
    if (number == kOutside && nodes.size() < kMostLogged) {
        nodes.push_back(node);
        number = static_cast<AccessorId>(nodes.size());
    }
    return number;
}

void GapWatch::end() {
    if (m_isLogging) {
        m_isLogging = false;
        m_recording.gaps.accesses = m_shadow.takeLog();
        m_recording.gaps.open = m_calls.openNodes();
    }
}

void GapWatch::restart() {
    if (m_isLogging) {
        m_isLogging = false;
        (void)m_shadow.takeLog();
    }
    GapLog& gaps = m_recording.gaps;
    gaps.startUp.resize(std::max(gaps.startUp.size(), gaps.between.size()));
    for (std::size_t i = 0; i < gaps.between.size(); ++i) {
        gaps.startUp[i] += gaps.between[i];
    }
    gaps.between.clear();
    gaps.accesses.reset();
    gaps.open.clear();
    gaps.nodes.clear();
    m_accessors.clear();
}

} // namespace simprof
