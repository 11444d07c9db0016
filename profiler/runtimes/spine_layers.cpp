// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/spine_layers.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace simprof {

namespace {

using Step = std::uint16_t;

constexpr Bytes kMostBookkeeping = 16;
constexpr Bytes kMostGlance = 4;
constexpr std::uint64_t kFewestMultiplies = 8; ///< a call
constexpr double kLeastPart = 0.05; ///< of all multiplications: what is apart and does more is something else

AccessorId accessorOf(Step step) { return static_cast<AccessorId>(step + 1); }

bool within(const std::vector<LifeRange>& inner, const std::vector<LifeRange>& outer) {
    return std::ranges::all_of(inner, [&outer](const LifeRange& range) {
        return std::ranges::any_of(outer, [&range](const LifeRange& around) {
            return around.begin <= range.begin && range.end <= around.end;
        });
    });
}

Address extent(const std::vector<LifeRange>& ranges) {
    return ranges.empty() ? 0 : ranges.back().end - ranges.front().begin;
}

class Steps {
public:
    Steps(std::span<const SpineStep> steps, std::span<const Step> order, const MemoryLog& log)
        : m_steps(steps)
        , m_order(order)
        , m_log(log)
        , m_owners(steps.size()) {
        for (std::size_t i = 0; i < steps.size(); ++i) {
            m_owners[i] = static_cast<Step>(i);
        }
    }

    std::vector<std::optional<Step>> layers() {
        findIdle();
        for (const Step step : m_order) {
            if (!m_idle.contains(step) && m_steps[step].multiplies == 0 && onlyConstants(step) && nextReader(step)) {
                m_preparing.insert(step);
            }
        }
        for (auto step = m_order.rbegin(); step != m_order.rend(); ++step) { // a reader before what it reads
            if (m_preparing.contains(*step)) {
                m_owners[*step] = m_owners[*nextReader(*step)];
            }
        }
        const auto last = std::find_if(m_order.rbegin(), m_order.rend(), [this](Step step) {
            return !m_preparing.contains(step) && !m_idle.contains(step);
        });
        std::optional<Step> before;
        for (const Step step : m_order) {
            if (m_preparing.contains(step) || m_idle.contains(step)) {
                continue;
            }
            if (m_steps[step].inlined && !readsLayers(step)) {
                m_owners[step].reset();
                continue;
            }
            if (before && step != *last && changesInPlace(step, *before)) { // the last one gives the answer
                m_owners[step] = m_owners[*before];
            }
            before = step;
        }
        giveAwayIdle();
        return m_owners;
    }

private:
    /// What neither reads data of the network's other steps nor hands any on works for the runtime or its user: gets
    /// and frees memory, reports progress.
    void findIdle() {
        std::map<Step, Step> roots; // steps that hand data to each other have one
        const auto rootOf = [&roots](Step step) {
            while (roots.at(step) != step) {
                step = roots.at(step);
            }
            return step;
        };
        for (const Step step : m_order) {
            roots[step] = step;
        }
        for (const auto& [key, ranges] : m_log.flows) {
            if (key.writer != kOutside && key.reader != kOutside && key.writer != key.reader) {
                const auto from = static_cast<Step>(key.writer - 1), to = static_cast<Step>(key.reader - 1);
                if (roots.contains(from) && roots.contains(to) && !isBookkeeping(key, ranges) &&
                    !isGlance(to, ranges)) {
                    roots[rootOf(to)] = rootOf(from);
                }
            }
        }
        std::map<Step, std::uint64_t> work;
        std::uint64_t all = 0;
        for (const Step step : m_order) {
            work[rootOf(step)] += m_steps[step].multiplies;
            all += m_steps[step].multiplies;
        }
        const auto mayBeIdle = [this](Step step) {
            return !m_steps[step].inlined && m_steps[step].multiplies < kFewestMultiplies;
        };
        std::map<Address, int> calls; // by function, those that are idle less the others
        for (const Step step : m_order) {
            const bool isApart = static_cast<double>(work[rootOf(step)]) < kLeastPart * static_cast<double>(all);
            if ((mayBeIdle(step) && isApart) || computesInRegisters(step)) {
                m_idle.insert(step);
            }
            calls[m_steps[step].callee] += m_idle.contains(step) ? 1 : -1;
        }
        for (const Step step : m_order) {
            if (!m_steps[step].inlined && m_steps[step].callee != 0 && calls[m_steps[step].callee] > 0) {
                m_idle.insert(step);
            }
        }
    }

    /// It takes its arguments and gives its result in registers, as helpers of software floating point do.
    bool computesInRegisters(Step step) const {
        const AccessorId own = accessorOf(step);
        return !m_steps[step].inlined && !m_log.flows.empty() &&
               std::ranges::none_of(m_log.flows, [own](const auto& flow) {
                   return flow.first.writer != flow.first.reader &&
                          (flow.first.writer == own || flow.first.reader == own);
               });
    }

    /// A few bytes that each step changes: where free memory begins, how many layers ran. Not a few results of what
    /// multiplies.
    bool isBookkeeping(const FlowKey& key, const std::vector<LifeRange>& read) const {
        const bool computed =
            m_steps[key.writer - 1U].multiplies >= kFewestMultiplies && !within(read, foundBy(key.writer));
        return !computed && sizeOf(read) <= kMostBookkeeping && within(read, writtenBy(m_log, key.reader));
    }

    /// One value at most, by what works little and hands nothing on: who prints a result.
    bool isGlance(Step reader, const std::vector<LifeRange>& read) const {
        return m_steps[reader].multiplies < kFewestMultiplies && sizeOf(read) <= kMostGlance &&
               std::ranges::none_of(m_log.flows, [&](const auto& flow) {
                   return flow.first.writer == accessorOf(reader) && flow.first.reader != kOutside &&
                          flow.first.reader != flow.first.writer && !isBookkeeping(flow.first, flow.second);
               });
    }

    /// What a step read of others.
    std::vector<LifeRange> foundBy(AccessorId who) const {
        std::vector<LifeRange> found;
        for (const auto& [key, ranges] : m_log.flows) {
            if (key.reader == who && key.writer != who) {
                found.insert(found.end(), ranges.begin(), ranges.end());
            }
        }
        return joined(std::move(found));
    }

    /// To the layer before, or to the first one.
    void giveAwayIdle() {
        const auto isLayer = [this](Step step) { return !m_idle.contains(step) && m_owners[step] == step; };
        const auto first = std::ranges::find_if(m_order, isLayer);
        std::optional<Step> owner = first == m_order.end() ? std::nullopt : std::optional(*first);
        for (const Step step : m_order) {
            if (m_idle.contains(step)) {
                m_owners[step] = owner;
            } else if (m_owners[step]) {
                owner = m_owners[step];
            }
        }
    }

    bool onlyConstants(Step step) const {
        return std::ranges::none_of(m_log.flows, [&](const auto& flow) {
            const AccessorId writer = flow.first.writer;
            return flow.first.reader == accessorOf(step) && writer != accessorOf(step) &&
                   (writer == kOutside || !m_preparing.contains(static_cast<Step>(writer - 1)));
        });
    }

    bool readsLayers(Step step) const {
        return std::ranges::any_of(m_log.flows, [&](const auto& flow) {
            return flow.first.reader == accessorOf(step) && flow.first.writer != kOutside &&
                   flow.first.writer != accessorOf(step);
        });
    }

    /// The first step after `step` that reads what it wrote.
    std::optional<Step> nextReader(Step step) const {
        const auto reads = [&](Step later) { return m_log.flows.contains({accessorOf(step), accessorOf(later)}); };
        const auto after = std::ranges::find(m_order, step);
        const auto found = std::find_if(std::next(after), m_order.end(), reads);
        return found == m_order.end() ? std::nullopt : std::optional(*found);
    }

    /// Does `step` change nothing but what `before` handed to it, over more of it than a pooling would leave?
    bool changesInPlace(Step step, Step before) const {
        if (m_steps[step].multiplies != 0 || m_steps[step].inlined || !m_owners[before]) {
            return false;
        }
        for (const auto& [key, ranges] : m_log.flows) {
            if (key.reader == accessorOf(step) && key.writer != accessorOf(step) &&
                (key.writer == kOutside || m_owners[key.writer - 1U] != m_owners[before])) {
                return false;
            }
        }
        const std::vector<LifeRange> read = foundBy(accessorOf(step));
        const std::vector<LifeRange> written = writtenBy(m_log, accessorOf(step));
        return !written.empty() && within(written, read) && std::uint64_t{extent(written)} * 2 > extent(read) &&
               m_steps[step].constants * 2 < extent(read); // literals, but no bias and no table
    }

    std::span<const SpineStep> m_steps;
    std::span<const Step> m_order;
    const MemoryLog& m_log;
    std::vector<std::optional<Step>> m_owners;
    std::set<Step> m_preparing;
    std::set<Step> m_idle;
};

} // namespace

std::vector<std::optional<std::uint16_t>> layersOfSteps(std::span<const SpineStep> steps,
                                                        std::span<const std::uint16_t> order, const MemoryLog& log) {
    return Steps(steps, order, log).layers();
}

} // namespace simprof
