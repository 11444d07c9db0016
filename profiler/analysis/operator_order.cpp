// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/operator_order.h"

#include <algorithm>
#include <map>
#include <queue>
#include <set>
#include <tuple>
#include <utility>

namespace simprof {
namespace {

constexpr std::size_t kMostStates = 50'000;

/// Operators by their place in the run, each with the buffers it reads and writes.
class OrderSearch {
public:
    OrderSearch(const Profile& profile, const PlanningProblem& tensors)
        : m_problem(tensors) {
        std::set<std::int32_t> layers;
        for (const PlannedBuffer& buffer : tensors.buffers) {
            const TensorLife& tensor = profile.memory.tensors[buffer.id];
            layers.insert(tensor.readers.begin(), tensor.readers.end());
            layers.insert(tensor.writer);
        }
        layers.erase(-1);
        m_layers.assign(layers.begin(), layers.end());
        for (const PlannedBuffer& buffer : tensors.buffers) {
            const TensorLife& tensor = profile.memory.tensors[buffer.id];
            Use use;
            use.room = (buffer.size + tensors.alignment - 1) / tensors.alignment * tensors.alignment;
            use.writer = tensor.writer < 0 ? kNobody : placeOf(tensor.writer);
            use.isKept = tensor.kind == TensorKind::Output || tensor.kind == TensorKind::State;
            for (const std::int32_t reader : tensor.readers) {
                use.readers.push_back(placeOf(reader));
            }
            m_uses.push_back(std::move(use));
        }
    }

    /// Places of the operators as they would run; empty when the run's own order is as good or the search too long.
    std::vector<std::size_t> best() const {
        Done none(m_layers.size());
        std::map<Done, Reached> reached = {{none, {}}};
        using Waiting = std::tuple<Bytes, std::size_t, Done>; // the least peak first, then the fewest operators left
        std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> waiting;
        waiting.push({0, m_layers.size(), none});
        while (!waiting.empty() && reached.size() < kMostStates) {
            const auto [peak, left, done] = waiting.top();
            waiting.pop();
            if (left == 0) {
                return peak < peakInOrder() ? pathTo(reached, done) : std::vector<std::size_t>();
            }
            if (peak > reached[done].peak) {
                continue; // reached with less meanwhile
            }
            for (std::size_t op = 0; op < m_layers.size(); ++op) {
                if (done[op] || !mayRun(op, done)) {
                    continue;
                }
                Done next = done;
                next[op] = true;
                const Bytes most = std::max(peak, liveWhile(op, done));
                const auto [entry, isNew] = reached.try_emplace(next, Reached{most, op});
                if (isNew || most < entry->second.peak) {
                    entry->second = {most, op};
                    waiting.push({most, left - 1, std::move(next)});
                }
            }
        }
        return {};
    }

    OperatorOrder inOrder(const std::vector<std::size_t>& order) const {
        std::vector<std::uint64_t> turn(order.size());
        OperatorOrder made;
        for (std::size_t i = 0; i < order.size(); ++i) {
            turn[order[i]] = i + 1;
            made.layers.push_back(m_layers[order[i]]);
        }
        made.problem = m_problem;
        for (std::size_t i = 0; i < m_uses.size(); ++i) {
            const Use& use = m_uses[i];
            PlannedBuffer& buffer = made.problem.buffers[i];
            buffer.lower = use.writer == kNobody ? 0 : turn[use.writer];
            buffer.upper = use.isKept ? order.size() + 2 : buffer.lower + 1;
            for (const std::size_t reader : use.readers) {
                buffer.upper = std::max(buffer.upper, turn[reader] + 1);
            }
        }
        return made;
    }

private:
    using Done = std::vector<bool>;
    struct Reached {
        Bytes peak = 0;
        std::size_t last = 0; ///< operator
    };
    static constexpr std::size_t kNobody = ~std::size_t{0};
    struct Use {
        Bytes room = 0;
        std::size_t writer = kNobody;
        bool isKept = false; ///< to the end
        std::vector<std::size_t> readers;
    };

    std::size_t placeOf(std::int32_t layer) const {
        return static_cast<std::size_t>(std::ranges::lower_bound(m_layers, layer) - m_layers.begin());
    }
    bool mayRun(std::size_t op, const Done& done) const {
        return std::ranges::none_of(m_uses, [&](const Use& use) {
            return use.writer != kNobody && use.writer != op && !done[use.writer] &&
                   std::ranges::find(use.readers, op) != use.readers.end();
        });
    }
    /// Bytes that are live while `op` runs after those in `done`.
    Bytes liveWhile(std::size_t op, const Done& done) const {
        Bytes live = 0;
        for (const Use& use : m_uses) {
            const bool isThere = use.writer == kNobody || use.writer == op || done[use.writer];
            const bool isWanted = use.isKept || use.writer == op ||
                                  std::ranges::any_of(use.readers, [&](std::size_t reader) { return !done[reader]; });
            live += isThere && isWanted ? use.room : 0;
        }
        return live;
    }
    Bytes peakInOrder() const {
        Done done(m_layers.size());
        Bytes peak = 0;
        for (std::size_t op = 0; op < m_layers.size(); ++op) {
            peak = std::max(peak, liveWhile(op, done));
            done[op] = true;
        }
        return peak;
    }
    static std::vector<std::size_t> pathTo(const std::map<Done, Reached>& reached, Done done) {
        std::vector<std::size_t> path;
        while (std::ranges::find(done, true) != done.end()) {
            path.push_back(reached.at(done).last);
            done[path.back()] = false;
        }
        std::ranges::reverse(path);
        return path;
    }

    const PlanningProblem& m_problem;
    std::vector<std::int32_t> m_layers; ///< ascending
    std::vector<Use> m_uses;            ///< by buffer
};

} // namespace

std::optional<OperatorOrder> betterOrder(const Profile& profile, const PlanningProblem& tensors) {
    const OrderSearch search(profile, tensors);
    const std::vector<std::size_t> order = search.best();
    return order.empty() ? std::nullopt : std::optional(search.inOrder(order));
}

} // namespace simprof
