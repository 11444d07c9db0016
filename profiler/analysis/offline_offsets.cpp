// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/offline_offsets.h"

#include "profiler/network/offline_plan.h"
#include "sim_core/error.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace simprof {

std::vector<std::int32_t> offlineOffsets(const Network& network, const Profile& profile, const RunPlan& plan) {
    const MemoryPlan& best = plan.overlayLevel ? *plan.overlayLevel : plan.tensorLevel;
    std::map<std::pair<std::string, std::int32_t>, Bytes> planned; // by name and writer
    for (std::size_t i = 0; i < best.offsets.size(); ++i) {
        const TensorLife& tensor = profile.memory.tensors[plan.tensors.problem.buffers[i].id];
        if (tensor.kind != TensorKind::Scratch && tensor.kind != TensorKind::State) {
            planned[{tensor.name, tensor.writer}] = best.offsets[i];
        }
    }
    std::vector<std::int32_t> writers(network.tensors.size(), -1);
    for (const NetworkOperator& op : network.operators) {
        for (const std::int32_t output : op.outputs) {
            writers[static_cast<std::size_t>(output)] =
                static_cast<std::int32_t>(op.index); // the first network's layer
        }
    }
    std::vector<std::int32_t> offsets(network.tensors.size(), kPlannedOnline);
    std::size_t placed = 0;
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        const auto found = planned.find({network.tensors[i].name, writers[i]});
        if (found != planned.end() && !network.tensors[i].constant) {
            offsets[i] = static_cast<std::int32_t>(found->second);
            ++placed;
        }
    }
    if (placed == 0 || placed != planned.size()) {
        throw Error("the tensors of the profile are not those of the network: an offline plan needs a profile of an "
                    "interpreter that runs this flatbuffer");
    }
    return offsets;
}

} // namespace simprof
