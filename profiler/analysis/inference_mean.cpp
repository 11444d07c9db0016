// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/inference_mean.h"

#include "profiler/analysis/cycle_time.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof {

namespace {

/// Whether the run ended within the last inference: both have the same end, and it is not that end which ended the run.
bool isLastCut(const Profile& profile) {
    const Inference& last = profile.inferences.back();
    const bool askedFor =
        profile.halt.reason == HaltReason::Kind::Steady ||
        (profile.halt.reason == HaltReason::Kind::Until && profile.halt.what.ends_with(" inferences"));
    return last.startCycle + last.cycles >= profile.totals.cycles && !askedFor;
}

} // namespace

InferenceMean inferenceMean(const Profile& profile) {
    InferenceMean mean;
    if (profile.inferences.empty()) {
        return mean;
    }
    mean.cut = isLastCut(profile);
    mean.count = profile.inferences.size() - (mean.cut ? 1 : 0);
    if (mean.count != 0) {
        for (const LayerInfo& layer : profile.layers) {
            mean.macs += layer.macs;
        }
    }
    const CycleTime time(profile);
    const std::size_t used = std::max<std::size_t>(mean.count, 1);
    for (std::size_t i = 0; i < used; ++i) {
        const Inference& inference = profile.inferences[i];
        mean.cycles += static_cast<double>(inference.cycles);
        mean.timeUs +=
            time.microseconds(inference.startCycle + inference.cycles) - time.microseconds(inference.startCycle);
        mean.energyUj += inference.energyUj;
    }
    mean.cycles /= static_cast<double>(used);
    mean.timeUs /= static_cast<double>(used);
    mean.energyUj /= static_cast<double>(used);
    mean.macsPerCycle = mean.cycles > 0 ? static_cast<double>(mean.macs) / mean.cycles : 0;
    return mean;
}

std::uint64_t inferencesLeftOut(const Profile& profile) {
    std::uint64_t count = 0;
    for (const LeftOut& leftOut : profile.leftOut) {
        count += leftOut.what == kInferencesLeftOut ? leftOut.count : 0;
    }
    return count;
}

std::string inferenceCount(const Profile& profile) {
    const InferenceMean mean = inferenceMean(profile);
    if (mean.cut && mean.count == 0) {
        return "one inference, cut short";
    }
    const std::uint64_t count = mean.count + inferencesLeftOut(profile);
    return fmt::format("{} inference{}{}", count, count == 1 ? "" : "s", mean.cut ? " and one cut short" : "");
}

} // namespace simprof
