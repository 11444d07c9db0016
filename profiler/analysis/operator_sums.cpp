// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/operator_sums.h"

#include <algorithm>

namespace simprof {

std::vector<OperatorSum> sumsByOperator(const Profile& profile) {
    std::vector<OperatorSum> sums;
    for (const LayerInfo& layer : profile.layers) {
        auto found = std::ranges::find(sums, layer.op, &OperatorSum::op);
        if (found == sums.end()) {
            found = sums.insert(sums.end(), {layer.op});
        }
        ++found->layers;
        found->cycles += layer.cycles;
        found->timeUs += layer.timeUs;
        found->energyUj += layer.energyUj;
    }
    std::ranges::stable_sort(sums, std::greater(), &OperatorSum::cycles);
    return sums;
}

} // namespace simprof
