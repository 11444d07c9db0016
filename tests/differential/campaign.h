// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "tests/differential/cases.h"

#include <cstdint>

namespace simprof::differential {

/// How much to run.
struct CampaignOptions {
    std::uint64_t instructions = 100'000; ///< of cases, at least
    std::uint64_t seed = 1;
    std::uint32_t first = 0; ///< number of the first case
    std::uint32_t count = 1'000'000;
    unsigned show = 3; ///< differing cases that are printed with their code
};

/// Runs random cases on both sides and prints what was run and what differs; true when all differences are listed.
bool runCampaign(const Target& target, const CampaignOptions& options);

} // namespace simprof::differential
