// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/inference_mean.h"

#include "profiler/analysis/cycle_time.h"
#include "profiler/analysis/network_slice.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace simprof {

namespace {

/// Whether the run ended within `last`: both have the same end, and it is not that end which ended the run.
bool isCut(const Profile& profile, const Inference& last) {
    const bool askedFor =
        profile.halt.reason == HaltReason::Kind::Steady ||
        (profile.halt.reason == HaltReason::Kind::Until && profile.halt.what.ends_with(" inferences"));
    return last.startCycle + last.cycles >= profile.totals.cycles && !askedFor;
}

/// In an inference; what an IF, WHILE or CALL_ONCE runs may run seldom, or several times.
std::uint64_t macsOf(const Profile& profile, const LayerInfo& layer) {
    if (layer.bodyOf < 0) {
        return layer.macs;
    }
    const std::uint64_t inferences = profile.networks[static_cast<std::size_t>(layer.network)].inferences;
    return layer.macs * layer.calls / std::max<std::uint64_t>(inferences, 1);
}

std::vector<const Inference*> inferencesOf(const Profile& profile, std::size_t network) {
    std::vector<const Inference*> some;
    for (const Inference& inference : profile.inferences) {
        if (inference.network == static_cast<std::int32_t>(network)) {
            some.push_back(&inference);
        }
    }
    return some;
}

} // namespace

InferenceMean inferenceMean(const Profile& profile, std::size_t network) {
    InferenceMean mean;
    const std::vector<const Inference*> inferences = inferencesOf(profile, network);
    if (inferences.empty()) {
        return mean;
    }
    mean.cut = isCut(profile, *inferences.back());
    mean.count = inferences.size() - (mean.cut ? 1 : 0);
    for (const LayerInfo& layer : profile.layers) {
        const bool counts = mean.count != 0 && layer.network == static_cast<std::int32_t>(network);
        mean.macs += counts ? macsOf(profile, layer) : 0;
    }
    const CycleTime time(profile);
    const std::size_t used = std::max<std::size_t>(mean.count, 1);
    for (std::size_t i = 0; i < used; ++i) {
        const Inference& inference = *inferences[i];
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

std::string inferenceCount(const Profile& profile, std::size_t network) {
    const InferenceMean mean = inferenceMean(profile, network);
    if (mean.cut && mean.count == 0) {
        return "one inference, cut short";
    }
    const bool isOne = profile.networks.size() < 2;
    const std::uint64_t count =
        isOne ? mean.count + inferencesLeftOut(profile) : profile.networks[network].inferences - (mean.cut ? 1 : 0);
    return fmt::format("{} inference{}{}", count, count == 1 ? "" : "s", mean.cut ? " and one cut short" : "");
}

std::string inferenceCountOfAll(const Profile& profile) {
    const std::size_t networks = networksThatRan(profile);
    if (networks < 2) {
        return inferenceCount(profile);
    }
    std::uint64_t count = 0;
    for (const ProfileNetwork& network : profile.networks) {
        count += network.inferences;
    }
    return fmt::format("{} inferences of {} networks", count, networks);
}

} // namespace simprof
