// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/live_bytes.h"

#include <algorithm>
#include <cstdint>

namespace simprof {

namespace {

/// Births and deaths in any order, summed up in the order of time.
class LiveSum {
public:
    void add(Bytes bytes, Cycles born, Cycles died) {
        m_changes.emplace_back(born, static_cast<std::int64_t>(bytes));
        m_changes.emplace_back(died + 1, -static_cast<std::int64_t>(bytes));
    }

    LiveSteps steps() {
        std::sort(m_changes.begin(), m_changes.end()); // deaths before births of the same cycle
        LiveSteps steps;
        std::int64_t live = 0;
        for (const auto& [cycle, change] : m_changes) {
            live += change;
            if (!steps.empty() && steps.back().first == cycle) {
                steps.back().second = static_cast<Bytes>(live);
            } else {
                steps.emplace_back(cycle, static_cast<Bytes>(live));
            }
        }
        return steps;
    }

private:
    std::vector<std::pair<Cycles, std::int64_t>> m_changes;
};

} // namespace

LiveSteps liveBlocks(const std::vector<TensorLife>& tensors) {
    LiveSum sum;
    for (const TensorLife& tensor : tensors) {
        if (!outlivesInferences(tensor.kind)) {
            sum.add(tensor.sizeBytes, tensor.bornCycle, tensor.diedCycle);
        }
    }
    return sum.steps();
}

LiveSteps liveParts(const std::vector<TensorLife>& tensors) {
    if (std::ranges::all_of(tensors, [](const TensorLife& tensor) { return tensor.parts.empty(); })) {
        return {};
    }
    LiveSum sum;
    for (const TensorLife& tensor : tensors) {
        if (outlivesInferences(tensor.kind)) {
            continue;
        }
        for (const LifePart& part : tensor.parts) {
            sum.add(part.sizeBytes, part.bornCycle, part.diedCycle);
        }
        if (tensor.parts.empty()) {
            sum.add(tensor.sizeBytes, tensor.bornCycle, tensor.diedCycle);
        }
    }
    return sum.steps();
}

} // namespace simprof
