// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/energy/answer.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace simprof::cli {

/// What 'simprof energy' is asked, as typed.
struct EnergyArguments {
    std::string period, between, other;
    std::string battery, selfDischarge, usable, cutOff, resistance;
    std::string harvest, startUp, efficiency;
    std::string storage, leakage;

    /// Adds them to the verb's command line.
    void addTo(CLI::App& verb);
    /// Period, what is between, and other parts alone.
    void addPeriodTo(CLI::App& verb);
    /// Throws Error that names the option, what it takes and what it was given.
    EnergyQuestion question() const;
};

/// Energy figures of a profile anew, by its board's supply with what was measured; without a calibration only
/// those of an older profile, which knows no states. Throws Error when the board is none that is built in.
void recalculate(Profile& profile, const std::vector<std::string>& calibrate);

} // namespace simprof::cli
