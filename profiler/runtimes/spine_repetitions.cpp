// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/spine_repetitions.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace simprof {

namespace {

using Step = std::uint16_t;
using Ranges = std::vector<LifeRange>;

constexpr Bytes kFewestConstants = 16; ///< fewer are literals
constexpr Bytes kElement = 8;          ///< a result or two
constexpr std::size_t kFewestParts = 3;

AccessorId accessorOf(Step step) { return static_cast<AccessorId>(step + 1); }

bool sameBytes(const Ranges& a, const Ranges& b) {
    return std::ranges::equal(
        a, b, [](const LifeRange& x, const LifeRange& y) { return x.begin == y.begin && x.end == y.end; });
}

class Repetitions {
public:
    Repetitions(std::span<const CallStep> steps, const MemoryLog& log)
        : m_steps(steps)
        , m_log(log)
        , m_owners(steps.size()) {
        std::iota(m_owners.begin(), m_owners.end(), Step{0});
    }

    StepsOfLayers find(std::span<const Step> order) {
        std::map<std::pair<Address, Address>, std::vector<Step>> places;
        for (const Step step : order) {
            if (m_steps[step].place.first != 0) {
                places[m_steps[step].place].push_back(step);
            }
        }
        for (const auto& [place, runs] : places) {
            joinAgain(runs, [this](Step step, Step before) { return multipliesAgain(step, before); });
        }
        std::uint64_t again = 0, all = 0;
        for (const Step step : order) {
            all += m_steps[step].multiplies;
            again += m_owners[step] == step ? 0 : m_steps[step].multiplies;
        }
        for (const auto& [place, runs] : places) {
            if (again != 0) { // what the steps in time do besides
                joinAgain(runs, [this](Step step, Step before) { return writesAgain(step, before); });
            }
            joinParts(runs);
        }
        for (const Step step : order) {
            while (m_owners[m_owners[step]] != m_owners[step]) {
                m_owners[step] = m_owners[m_owners[step]];
            }
        }
        return {m_owners, 2 * again > all};
    }

private:
    const Ranges& constantsOf(Step step) const {
        static const Ranges kNone;
        const auto found = m_log.constants.find(accessorOf(step));
        return found == m_log.constants.end() ? kNone : found->second;
    }
    Ranges writtenIn(Step step) const { return writtenBy(m_log, accessorOf(step)); }
    bool feeds(Step writer, Step reader) const {
        return m_log.flows.contains({accessorOf(writer), accessorOf(reader)});
    }

    bool multipliesAgain(Step step, Step before) const {
        const Ranges& constants = constantsOf(step);
        return sizeOf(constants) >= kFewestConstants && m_steps[step].multiplies >= sizeOf(constants) / 4 &&
               sameBytes(constants, constantsOf(before));
    }

    bool writesAgain(Step step, Step before) const {
        const Ranges written = writtenIn(step);
        return !written.empty() && sameBytes(written, writtenIn(before)) &&
               sameBytes(constantsOf(step), constantsOf(before));
    }

    template<class IsAgain>
    void joinAgain(const std::vector<Step>& runs, const IsAgain& isAgain) {
        std::vector<Step> first; // of each layer so far
        for (const Step step : runs) {
            if (m_owners[step] != step) {
                continue;
            }
            const auto same = std::ranges::find_if(first, [&](Step before) { return isAgain(step, before); });
            if (same == first.end()) {
                first.push_back(step);
            } else {
                m_owners[step] = *same;
            }
        }
    }

    /// Is some argument of the three calls the same distance apart?
    bool isStrided(Step a, Step b, Step c) const {
        for (std::size_t i = 0; i < m_steps[a].arguments.size(); ++i) {
            const std::uint32_t first = m_steps[b].arguments[i] - m_steps[a].arguments[i];
            if (first != 0 && first == m_steps[c].arguments[i] - m_steps[b].arguments[i]) {
                return true;
            }
        }
        return false;
    }

    /// The end of the row of parts that begins with runs[begin].
    std::size_t endOfParts(const std::vector<Step>& runs, std::size_t begin) const {
        std::size_t end = begin + 1;
        for (; end < runs.size(); ++end) {
            const Step step = runs[end], before = runs[end - 1];
            const bool isNew = m_owners[step] != step;
            const bool isFed = std::any_of(runs.begin() + static_cast<std::ptrdiff_t>(begin),
                                           runs.begin() + static_cast<std::ptrdiff_t>(end),
                                           [&](Step part) { return feeds(part, step); });
            const bool isElement = sizeOf(writtenIn(step)) <= kElement && sizeOf(writtenIn(before)) <= kElement;
            const bool isAlike = m_steps[step].multiplies == m_steps[before].multiplies &&
                                 (end - begin < 2 || isStrided(runs[end - 2], before, step));
            if (isNew || isFed || !(isElement || isAlike)) {
                break;
            }
        }
        return end;
    }

    void joinParts(const std::vector<Step>& runs) {
        for (std::size_t begin = 0; begin < runs.size();) {
            const std::size_t end = m_owners[runs[begin]] == runs[begin] ? endOfParts(runs, begin) : begin + 1;
            for (std::size_t i = begin + 1; end - begin >= kFewestParts && i < end; ++i) {
                m_owners[runs[i]] = runs[begin];
            }
            begin = end;
        }
    }

    std::span<const CallStep> m_steps;
    const MemoryLog& m_log;
    std::vector<Step> m_owners;
};

} // namespace

StepsOfLayers repetitionsOf(std::span<const CallStep> steps, std::span<const Step> order, const MemoryLog& log) {
    return Repetitions(steps, log).find(order);
}

} // namespace simprof
