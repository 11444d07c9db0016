// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/run_name.h"

#include "profiler/text/numbers.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof {

std::string runName(const Profile& profile) {
    if (!profile.whatIf) {
        return profile.firmware.name;
    }
    std::vector<std::string> asked;
    for (const WhatIfChange& change : profile.whatIf->changes) {
        if (std::ranges::count(asked, change.asked) == 0) {
            asked.push_back(change.asked);
        }
    }
    return fmt::format("{} (what if {})", profile.firmware.name, fmt::join(asked, ", "));
}

std::vector<std::string> whatIfSentences(const Profile& profile) {
    std::vector<std::string> sentences;
    if (!profile.whatIf) {
        return sentences;
    }
    for (const WhatIfChange& change : profile.whatIf->changes) {
        sentences.push_back(fmt::format("{}: {}", change.asked, change.what));
    }
    const auto plain = static_cast<double>(profile.whatIf->plainCycles);
    const double cycles = 100 * (static_cast<double>(profile.totals.cycles) - plain) / std::max(plain, 1.0);
    const double time =
        100 * (profile.totals.timeUs - profile.whatIf->plainTimeUs) / std::max(profile.whatIf->plainTimeUs, 1e-9);
    sentences.push_back(fmt::format("the run as it is takes {} cycles, {}: this is {} % in cycles, {} % in time",
                                    grouped(profile.whatIf->plainCycles), humanTime(profile.whatIf->plainTimeUs),
                                    changeText(cycles), changeText(time)));
    return sentences;
}

} // namespace simprof
