// SPDX-License-Identifier: GPL-2.0-or-later
/// What other graphs and kernels of the same network would need: estimates, since nothing of it ran.
#pragma once
#include "profiler/analysis/tensor_problem.h"

#include <string>
#include <vector>

namespace simprof {

/// A run as it would have been with a change.
struct EditedProblem {
    std::string what; ///< the change, as a phrase
    std::vector<std::int32_t> layers;
    TensorProblem tensors; ///< `offsets` are those of the run
    OverlayProblem overlay;
};

/// The changes that fit the network, and where there are several, all of them together at last:
/// - PAD folded into the operator behind it, which then reads PAD's input when it read the byte's copy;
/// - CONV_2D with a window of one pixel called once an image row, whose input it uses up row by row.
std::vector<EditedProblem> editedProblems(const Profile& profile, const TensorProblem& tensors,
                                          const OverlayProblem& overlay);

} // namespace simprof
