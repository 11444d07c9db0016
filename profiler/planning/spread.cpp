// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/planning/spread.h"

#include "profiler/planning/planner.h"

#include <algorithm>
#include <numeric>

namespace simprof {

namespace {

using Buffers = std::vector<std::size_t>; ///< by place in the problem

constexpr int kMostRounds = 8; ///< of exchanges

class Spreader {
public:
    Spreader(const PlanningProblem& problem, const std::vector<std::uint64_t>& traffic, double seconds)
        : m_problem(problem)
        , m_traffic(traffic)
        , m_seconds(seconds) {}

    std::optional<SpreadPlan> spread(const std::vector<Bytes>& capacities) {
        SpreadPlan result;
        result.places.resize(m_problem.buffers.size());
        Buffers left(m_problem.buffers.size());
        std::iota(left.begin(), left.end(), std::size_t{0});
        for (std::size_t memory = 0; memory < capacities.size(); ++memory) {
            const Buffers taken = choose(left, capacities[memory]);
            const MemoryPlan plan = planOf(taken, capacities[memory]);
            std::uint64_t accesses = 0;
            for (std::size_t i = 0; i < taken.size(); ++i) {
                result.places[taken[i]] = {memory, plan.offsets[i]};
                accesses += m_traffic[taken[i]];
            }
            result.peaks.push_back(plan.peak);
            result.traffic.push_back(accesses);
            std::erase_if(left, [&taken](std::size_t buffer) { return std::ranges::count(taken, buffer) != 0; });
        }
        return left.empty() ? std::optional(std::move(result)) : std::nullopt;
    }

private:
    MemoryPlan planOf(const Buffers& buffers, Bytes capacity) const {
        PlanningProblem part{{}, m_problem.alignment};
        for (const std::size_t buffer : buffers) {
            part.buffers.push_back(m_problem.buffers[buffer]);
        }
        return part.buffers.empty() ? MemoryPlan{} : planMemory(part, {capacity, m_seconds});
    }

    bool fits(const Buffers& buffers, Bytes capacity) const {
        for (const std::size_t buffer : buffers) { // what lives at its first moment
            Bytes live = 0;
            for (const std::size_t other : buffers) {
                const PlannedBuffer& its = m_problem.buffers[other];
                const std::uint64_t at = m_problem.buffers[buffer].lower;
                live += its.lower <= at && at < its.upper ? its.size : 0;
            }
            if (live > capacity) {
                return false;
            }
        }
        return planOf(buffers, capacity).peak <= capacity;
    }

    /// Accesses for its size, the most first; then the smaller one, then the first.
    bool isDenser(std::size_t a, std::size_t b) const {
        const auto weight = [this](std::size_t one, std::size_t other) {
            return static_cast<double>(m_traffic[one]) * static_cast<double>(m_problem.buffers[other].size);
        };
        const double left = weight(a, b), right = weight(b, a);
        return left != right ? left > right : a < b;
    }

    Buffers choose(Buffers candidates, Bytes capacity) const {
        if (fits(candidates, capacity)) {
            return candidates;
        }
        std::ranges::sort(candidates, [this](std::size_t a, std::size_t b) { return isDenser(a, b); });
        Buffers taken;
        const auto fill = [&] {
            for (const std::size_t buffer : candidates) {
                if (std::ranges::count(taken, buffer) == 0) {
                    taken.push_back(buffer);
                    if (!fits(taken, capacity)) {
                        taken.pop_back();
                    }
                }
            }
        };
        fill();
        for (int round = 0; round < kMostRounds && exchange(candidates, taken, capacity); ++round) {
            fill();
        }
        std::ranges::sort(taken);
        return taken;
    }

    /// Takes one out for another one that is accessed more.
    bool exchange(const Buffers& candidates, Buffers& taken, Bytes capacity) const {
        for (const std::size_t better : candidates) {
            for (std::size_t i = 0; i < taken.size() && std::ranges::count(taken, better) == 0; ++i) {
                if (m_traffic[better] <= m_traffic[taken[i]]) {
                    continue;
                }
                Buffers tried = taken;
                tried[i] = better;
                if (fits(tried, capacity)) {
                    taken = std::move(tried);
                    return true;
                }
            }
        }
        return false;
    }

    const PlanningProblem& m_problem;
    const std::vector<std::uint64_t>& m_traffic;
    double m_seconds;
};

} // namespace

std::optional<SpreadPlan> spread(const PlanningProblem& problem, const std::vector<std::uint64_t>& traffic,
                                 const std::vector<Bytes>& capacities, double seconds) {
    return Spreader(problem, traffic, seconds).spread(capacities);
}

} // namespace simprof
