// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <string>

namespace simprof {

/// What an inference of one network takes on average.
struct InferenceMean {
    std::size_t count = 0; ///< whole inferences
    bool cut = false;      ///< the run ended within another one
    double cycles = 0;
    double timeUs = 0;
    double energyUj = 0;
    std::uint64_t macs = 0;
    double macsPerCycle = 0;
};

/// Means over all whole inferences of a network; of the part that ran, without MACs, when there is nothing else; zero
/// when there are none.
InferenceMean inferenceMean(const Profile& profile, std::size_t network = 0);

/// Inferences of which nothing is kept, because there were too many.
std::uint64_t inferencesLeftOut(const Profile& profile);

/// "2 inferences", "1 inference and one cut short" of a network.
std::string inferenceCount(const Profile& profile, std::size_t network = 0);

/// The same of all networks together: "12 inferences of 2 networks".
std::string inferenceCountOfAll(const Profile& profile);

} // namespace simprof
