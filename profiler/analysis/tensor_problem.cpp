// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/tensor_problem.h"

#include "sim_core/error.h"

#include <algorithm>

namespace simprof {
namespace {

/// Of TensorFlow Lite Micro's buffers: `MicroArenaBufferAlignment()` in tensorflow/lite/micro/micro_arena_constants.h.
constexpr Bytes kBufferAlignment = 16;

bool isPlanned(const TensorLife& tensor) {
    return tensor.network == 0 && tensor.kind != TensorKind::Persistent && tensor.sizeBytes > 0;
}

} // namespace

TensorProblem tensorProblem(const Profile& profile) {
    const std::vector<TensorLife>& tensors = profile.memory.tensors;
    TensorProblem found;
    found.problem.alignment = kBufferAlignment;
    Address lowest = ~Address{0};
    for (const TensorLife& tensor : tensors) {
        if (isPlanned(tensor)) {
            lowest = std::min(lowest, tensor.address);
        }
    }
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const TensorLife& tensor = tensors[i];
        if (isPlanned(tensor)) {
            found.problem.buffers.push_back({i, tensor.bornCycle, tensor.diedCycle + 1, tensor.sizeBytes});
            found.offsets.push_back(tensor.address - lowest);
        }
    }
    if (found.offsets.empty()) {
        throw Error("the profile has no tensors to be planned: no network was recognised in the run, or it never ran");
    }
    return found;
}

} // namespace simprof
