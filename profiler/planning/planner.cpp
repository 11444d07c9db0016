// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/planning/planner.h"

#include "profiler/planning/exact_search.h"
#include "profiler/planning/first_fit.h"

#include <algorithm>
#include <chrono>
#include <list>
#include <memory>
#include <numeric>

namespace simprof {
namespace {

/// Above it the lists of neighbours would take more than 64 MB.
constexpr std::uint64_t kMostPairs = 8'000'000;
/// A run of the exact search may take this many decisions an item; then the next order has its turn, and after all of
/// them the number doubles.
constexpr std::uint64_t kFirstNodes = 16;

constexpr std::array kOrders = {
    SearchOrder{SearchKey::Life, SearchKey::Area, SearchKey::Waiting},
    SearchOrder{SearchKey::Waiting, SearchKey::Area, SearchKey::Life},
    SearchOrder{SearchKey::Waiting, SearchKey::Life, SearchKey::Area},
};

/// Plans one timeline, a limited search at a time.
class TimelinePlanner {
public:
    TimelinePlanner(Timeline timeline, std::function<bool()> expired)
        : m_timeline(std::move(timeline))
        , m_expired(std::move(expired))
        , m_best(firstFit(m_timeline, m_expired))
        , m_lowerBound(m_timeline.liveBound) {
        for (const TimelineItem& item : m_timeline.items) {
            m_step = std::gcd(std::gcd(m_step, item.room), item.size);
        }
    }

    const Timeline& timeline() const { return m_timeline; }
    const Placement& best() const { return m_best; }
    Bytes lowerBound() const { return m_lowerBound; }
    bool isTooLarge() const { return m_timeline.pairs > kMostPairs; }
    std::uint64_t nodes() const { return m_nodes; }

    /// Searches for a plan in `enough` bytes, and every other time, unless that is all that is `wanted`, for one half
    /// way between that and the best.
    void improve(Bytes enough, bool wanted) {
        if (m_search == nullptr) {
            m_search = std::make_unique<ExactSearch>(m_timeline, m_expired);
        }
        const Bytes halfWay = enough + (m_best.peak - enough) / (2 * m_step) * m_step;
        const Bytes target =
            wanted || m_turn % 2 == 0 ? enough : std::max(enough, std::min(halfWay, m_best.peak - m_step));
        const std::uint64_t turn = m_turn++ / (wanted ? 1 : 2);
        const std::uint64_t doublings = std::min<std::uint64_t>(turn / kOrders.size(), 40);
        const SearchAnswer answer =
            m_search->run(target, kOrders[turn % kOrders.size()], (kFirstNodes * m_timeline.items.size()) << doublings);
        m_nodes += m_search->nodes();
        if (answer == SearchAnswer::Found) {
            m_best = {m_search->offsets(), 0};
            for (std::size_t i = 0; i < m_best.offsets.size(); ++i) {
                m_best.peak = std::max(m_best.peak, m_best.offsets[i] + m_timeline.items[i].size);
            }
        } else if (answer == SearchAnswer::Impossible) {
            // An offset is a sum of rooms, and the peak the end of an item.
            m_lowerBound = std::max(m_lowerBound, (target / m_step + 1) * m_step);
        }
    }

private:
    Timeline m_timeline;
    std::function<bool()> m_expired;
    Placement m_best;
    Bytes m_lowerBound;
    Bytes m_step = 0; ///< each peak of a plan that cannot be pushed down is a multiple
    std::uint64_t m_turn = 0;
    std::uint64_t m_nodes = 0;
    std::unique_ptr<ExactSearch> m_search;
};

/// The least bytes that a plan of all timelines can take, as far as it is known.
Bytes lowerBoundOf(const std::list<TimelinePlanner>& planners) {
    Bytes bound = 0;
    for (const TimelinePlanner& planner : planners) {
        bound = std::max(bound, planner.lowerBound());
    }
    return bound;
}

PlanEnd improveAll(std::list<TimelinePlanner>& planners, const PlanLimits& limits,
                   const std::function<bool()>& expired) {
    for (;;) {
        bool done = true;
        bool searched = false;
        for (TimelinePlanner& planner : planners) {
            const Bytes bound = lowerBoundOf(planners);
            if (limits.capacity && bound > *limits.capacity) {
                return PlanEnd::CapacityImpossible;
            }
            const Bytes enough = limits.capacity.value_or(bound);
            if (planner.best().peak <= enough) {
                continue;
            }
            done = false;
            if (planner.isTooLarge()) {
                continue;
            }
            if (expired()) {
                return PlanEnd::TimeLimit;
            }
            planner.improve(enough, limits.capacity.has_value());
            searched = true;
        }
        if (done) {
            return limits.capacity ? PlanEnd::CapacityMet : PlanEnd::Optimal;
        }
        if (!searched) {
            return expired() ? PlanEnd::TimeLimit : PlanEnd::TooLarge;
        }
    }
}

} // namespace

MemoryPlan planMemory(const PlanningProblem& problem, const PlanLimits& limits) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::duration<double>(limits.seconds);
    const auto expired = [end] { return Clock::now() >= end; };
    std::list<TimelinePlanner> planners;
    for (Timeline& timeline : cutTimelines(problem)) {
        planners.emplace_back(std::move(timeline), expired);
    }
    MemoryPlan plan;
    plan.end = improveAll(planners, limits, expired);
    plan.lowerBound = lowerBoundOf(planners);
    plan.offsets.resize(problem.buffers.size());
    for (const TimelinePlanner& planner : planners) {
        for (std::size_t i = 0; i < planner.best().offsets.size(); ++i) {
            plan.offsets[planner.timeline().items[i].buffer] = planner.best().offsets[i];
        }
        plan.nodes += planner.nodes();
    }
    plan.peak = peakOf(problem, plan.offsets);
    if (plan.isOptimal() && plan.end != PlanEnd::CapacityImpossible) {
        plan.end = PlanEnd::Optimal;
    }
    return plan;
}

} // namespace simprof
