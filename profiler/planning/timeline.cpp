// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/planning/timeline.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace simprof {
namespace {

/// Goes through births and deaths in order of time and closes a section before the first death behind a birth.
class Sweep {
public:
    explicit Sweep(const PlanningProblem& problem)
        : m_problem(problem)
        , m_placeInPart(problem.buffers.size()) {}

    std::vector<Timeline> run();

private:
    void bear(std::size_t buffer);
    void bury(std::size_t buffer);
    void closeSection();

    const PlanningProblem& m_problem;
    std::vector<std::size_t> m_placeInPart;
    std::multiset<Bytes> m_spare; ///< of the live buffers: room less size
    std::vector<Timeline> m_parts;
    Bytes m_live = 0;
    bool m_grew = false; ///< since the last section was closed
};

std::vector<Timeline> Sweep::run() {
    const auto& buffers = m_problem.buffers;
    std::vector<std::size_t> births(buffers.size());
    std::iota(births.begin(), births.end(), 0);
    std::vector<std::size_t> deaths = births;
    std::ranges::sort(births, {}, [&](std::size_t i) { return std::pair(buffers[i].lower, i); });
    std::ranges::sort(deaths, {}, [&](std::size_t i) { return std::pair(buffers[i].upper, i); });
    auto dying = deaths.begin();
    for (const std::size_t born : births) {
        for (; buffers[*dying].upper <= buffers[born].lower; ++dying) {
            bury(*dying);
        }
        bear(born);
    }
    for (; dying != deaths.end(); ++dying) {
        bury(*dying);
    }
    return std::move(m_parts);
}

void Sweep::bear(std::size_t buffer) {
    if (m_spare.empty()) {
        m_parts.emplace_back();
    }
    Timeline& part = m_parts.back();
    const PlannedBuffer& born = m_problem.buffers[buffer];
    const Bytes room = (born.size + m_problem.alignment - 1) / m_problem.alignment * m_problem.alignment;
    m_placeInPart[buffer] = part.items.size();
    part.items.push_back({part.sections, 0, born.size, room, born.upper - born.lower, buffer});
    part.pairs += m_spare.size();
    m_live += room;
    m_spare.insert(room - born.size);
    m_grew = true;
}

void Sweep::bury(std::size_t buffer) {
    if (m_grew) {
        closeSection();
    }
    TimelineItem& item = m_parts.back().items[m_placeInPart[buffer]];
    item.end = m_parts.back().sections;
    m_live -= item.room;
    m_spare.erase(m_spare.find(item.room - item.size));
}

void Sweep::closeSection() {
    Timeline& part = m_parts.back();
    ++part.sections;
    part.liveBound = std::max(part.liveBound, m_live - *m_spare.rbegin());
    m_grew = false;
}

} // namespace

std::vector<Timeline> cutTimelines(const PlanningProblem& problem) { return Sweep(problem).run(); }

TimelineIndex::TimelineIndex(const Timeline& timeline)
    : spare(timeline.sections) {
    const auto count = static_cast<std::uint32_t>(timeline.items.size());
    std::vector<std::uint32_t> live;
    std::uint32_t next = 0;
    for (std::uint32_t section = 0; section < timeline.sections; ++section) {
        firstItem.push_back(next);
        std::erase_if(live, [&](std::uint32_t i) { return timeline.items[i].end <= section; });
        for (; next < count && timeline.items[next].begin == section; ++next) {
            live.push_back(next);
        }
        for (const std::uint32_t item : live) {
            members.append(item);
            spare[section] = std::max(spare[section], timeline.items[item].room - timeline.items[item].size);
        }
        members.endList();
    }
    firstItem.push_back(count);
    for (std::uint32_t item = 0; item < count; ++item) {
        const TimelineItem& self = timeline.items[item];
        for (const std::uint32_t other : members[self.begin]) {
            if (other != item) {
                neighbours.append(other);
            }
        }
        for (std::uint32_t other = firstItem[self.begin + 1]; other < firstItem[self.end]; ++other) {
            neighbours.append(other);
        }
        neighbours.endList();
    }
}

} // namespace simprof
