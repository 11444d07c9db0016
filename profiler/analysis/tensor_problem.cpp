// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/tensor_problem.h"

#include "profiler/analysis/byte_lives.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof {
namespace {

/// Of TensorFlow Lite Micro's buffers: `MicroArenaBufferAlignment()` in tensorflow/lite/micro/micro_arena_constants.h.
constexpr Bytes kBufferAlignment = 16;

/// Blocks outside of the arena, where one is known, are the kernels' own: they stay where they are.
bool isPlanned(const Profile& profile, const TensorLife& tensor) {
    const std::optional<Arena>& arena = profile.memory.arena;
    const bool isInside = !arena || (tensor.address >= arena->base && tensor.address - arena->base < arena->sizeBytes);
    return tensor.network == 0 && tensor.kind != TensorKind::Persistent && tensor.sizeBytes > 0 && isInside;
}

} // namespace

TensorProblem tensorProblem(const Profile& profile) {
    const std::vector<TensorLife>& tensors = profile.memory.tensors;
    TensorProblem found;
    found.problem.alignment = kBufferAlignment;
    Address lowest = ~Address{0};
    for (const TensorLife& tensor : tensors) {
        if (isPlanned(profile, tensor)) {
            lowest = std::min(lowest, tensor.address);
        }
    }
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const TensorLife& tensor = tensors[i];
        if (isPlanned(profile, tensor)) {
            found.problem.buffers.push_back({i, tensor.bornCycle, tensor.diedCycle + 1, tensor.sizeBytes});
            found.offsets.push_back(tensor.address - lowest);
        }
    }
    if (found.offsets.empty()) {
        throw Error("the profile has no tensors to be planned: no network was recognised in the run, or it never ran");
    }
    return found;
}

bool hasByteLives(const Profile& profile, const TensorProblem& tensors) {
    return std::ranges::any_of(tensors.problem.buffers, [&profile](const PlannedBuffer& buffer) {
        return !profile.memory.tensors[buffer.id].lives.empty();
    });
}

OverlayProblem overlayProblem(const Profile& profile, const TensorProblem& tensors) {
    if (!hasByteLives(profile, tensors)) {
        throw Error("the profile does not hold the lives of bytes: run the firmware with --lives, or give the firmware "
                    "itself to 'simprof plan'");
    }
    OverlayProblem found;
    found.alignment = tensors.problem.alignment;
    Bytes left = kMostLifeBytes;
    for (const PlannedBuffer& buffer : tensors.problem.buffers) {
        const TensorLife& tensor = profile.memory.tensors[buffer.id];
        if (tensor.sizeBytes > left) {
            throw Error(fmt::format("the tensors have more than {} bytes together: too many to plan them byte by byte",
                                    kMostLifeBytes));
        }
        left -= tensor.sizeBytes;
        found.buffers.push_back({buffer.id, decodeLives(tensor.lives, tensor.sizeBytes, tensor.name)});
    }
    return found;
}

} // namespace simprof
