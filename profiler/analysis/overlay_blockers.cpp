// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/overlay_blockers.h"

#include "profiler/planning/overlay_planner.h"

#include <algorithm>
#include <utility>

namespace simprof {
namespace {

constexpr std::size_t kMostCandidates = 16;

/// A pair whose distance could be less, by place in the problem.
struct Candidate {
    std::int32_t layer = 0;
    std::uint32_t input = 0;
    std::uint32_t output = 0;
    ForbiddenOffsets relaxed; ///< of offset(output) - offset(input)
    Bytes span = 0;           ///< that the pair takes now
};

/// What an operator forbids that uses its input up as fast as it writes its output: the output may begin no later than
/// the input, and end no later than it, seen from the ends of both.
ForbiddenOffsets relaxedOf(const ForbiddenOffsets& measured, Bytes input, Bytes output, Bytes alignment) {
    const auto step = static_cast<std::int64_t>(alignment);
    const std::int64_t longer = output > input ? static_cast<std::int64_t>(output - input) : 0;
    const OffsetRange evenly{-(longer + step - 1) / step * step + step, static_cast<std::int64_t>(input) - 1};
    ForbiddenOffsets relaxed;
    for (const OffsetRange& range : measured) {
        const OffsetRange both{std::max(range.low, evenly.low), std::min(range.high, evenly.high)};
        if (both.low <= both.high) {
            relaxed.push_back({both.low, both.high / step * step});
        }
    }
    return relaxed;
}

std::vector<Candidate> candidatesOf(const Profile& profile, const OverlayProblem& problem,
                                    const OverlayConstraints& constraints) {
    std::vector<Candidate> candidates;
    const auto tensorOf = [&](std::uint32_t buffer) -> const TensorLife& {
        return profile.memory.tensors[problem.buffers[buffer].id];
    };
    for (std::uint32_t output = 0; output < constraints.count(); ++output) {
        const std::int32_t layer = tensorOf(output).writer;
        if (layer < 0 || tensorOf(output).kind == TensorKind::Scratch) {
            continue;
        }
        for (const OverlayConstraints::Neighbour& neighbour : constraints.neighbours[output]) {
            const TensorLife& input = tensorOf(neighbour.other);
            if (input.readers != std::vector{layer}) {
                continue; // needed longer by others
            }
            const Bytes inputSize = constraints.sizes[neighbour.other];
            const Bytes outputSize = constraints.sizes[output];
            const Bytes span = leastSpan(inputSize, outputSize, neighbour.forbidden, constraints.alignment);
            ForbiddenOffsets relaxed = relaxedOf(neighbour.forbidden, inputSize, outputSize, constraints.alignment);
            if (leastSpan(inputSize, outputSize, relaxed, constraints.alignment) < span) {
                candidates.push_back({layer, neighbour.other, output, std::move(relaxed), span});
            }
        }
    }
    std::ranges::stable_sort(candidates, std::greater<>(), &Candidate::span);
    candidates.resize(std::min(candidates.size(), kMostCandidates));
    return candidates;
}

/// Bytes of the input that are needed when half of the output has been written.
Bytes heldBytes(const OverlayBuffer& input, const OverlayBuffer& output) {
    std::vector<std::uint32_t> written;
    for (const ByteSpan& byte : output.bytes) {
        if (byte.isNeeded()) {
            written.push_back(byte.first);
        }
    }
    if (written.empty()) {
        return 0;
    }
    std::ranges::nth_element(written, written.begin() + static_cast<std::ptrdiff_t>(written.size() / 2));
    const std::uint32_t half = written[written.size() / 2];
    return static_cast<Bytes>(std::ranges::count_if(
        input.bytes, [half](const ByteSpan& byte) { return byte.first < half && half < byte.last; }));
}

} // namespace

std::vector<OverlayBlocker> overlayBlockers(const Profile& profile, const OverlayProblem& problem,
                                            const OverlayConstraints& constraints, const MemoryPlan& plan,
                                            const std::function<bool()>& expired) {
    std::vector<OverlayBlocker> alone;
    std::vector<OverlayBlocker> together;
    OverlayConstraints all = constraints;
    const auto freed = [&](const OverlayConstraints& relaxed) {
        return plan.peak - planOverlay(relaxed, 0, plan.offsets, expired).peak;
    };
    const std::vector<Candidate> candidates = candidatesOf(profile, problem, constraints);
    for (const Candidate& candidate : candidates) {
        OverlayConstraints one = constraints;
        one.set(candidate.output, candidate.input, candidate.relaxed);
        const OverlayBuffer& input = problem.buffers[candidate.input];
        const OverlayBuffer& output = problem.buffers[candidate.output];
        OverlayBlocker blocker{candidate.layer, input.id, output.id, heldBytes(input, output), freed(one), false};
        if (blocker.frees > 0) {
            alone.push_back(blocker);
        }
        if (!alone.empty()) {
            continue;
        }
        all.set(candidate.output, candidate.input, candidate.relaxed);
        blocker.isGroup = true;
        together.push_back(blocker);
    }
    if (!alone.empty() || together.empty()) {
        std::ranges::stable_sort(alone, std::greater<>(), &OverlayBlocker::frees);
        return alone;
    }
    // Those that would fit into what is left take no part.
    const Bytes frees = freed(all);
    std::vector<OverlayBlocker> needed;
    for (std::size_t i = 0; i < together.size(); ++i) {
        if (candidates[i].span > plan.peak - frees) {
            together[i].frees = frees;
            needed.push_back(together[i]);
        }
    }
    return needed;
}

} // namespace simprof
