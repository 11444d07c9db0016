// SPDX-License-Identifier: GPL-2.0-or-later
/// Advice: what to change and what it gives, each timed as a what-if.
#pragma once
#include "profiler/firmware_run.h"
#include "profiler/profile.h"

#include <optional>
#include <string>
#include <vector>

namespace simprof {

/// What an inference takes; of a run without inferences, the whole run.
struct RunCost {
    double cycles = 0;
    double timeUs = 0;
    double energyUj = 0;
};
RunCost costOf(const Profile& profile);

/// A finding that was timed, and how.
struct Trial {
    Finding finding;
    std::vector<std::string> whatIf;
};

/// What to change, best first.
struct Advice {
    RunCost plain;
    std::vector<Trial> timed;         ///< that save time, most first
    std::optional<Trial> together;    ///< those of them that fit together
    std::vector<std::string> leftOut; ///< of what would save time: for want of room
    std::vector<Finding> untimed;     ///< from the profile alone
};

/// Runs the firmware with each change that may help.
Advice advise(FirmwareRun& run);

/// From a profile alone.
Advice adviseFrom(const Profile& profile);

/// The advice from the profile alone with which the firmware takes at most so many bytes of SRAM: what saves most
/// first; nothing when all of it is not enough, or it takes no more already.
std::optional<Finding> fitMemory(const Profile& profile, const Advice& advice, Bytes bytes);

/// Bytes of SRAM that the firmware takes: reserved for stack and arena, else used.
Bytes sramTaken(const Profile& profile);

/// The least costly of the timed changes with which an inference takes at most so long, timed together; nothing when
/// all of them are not enough, or it is as fast already.
std::optional<Trial> fitTime(FirmwareRun& run, const Advice& advice, double microseconds);

} // namespace simprof
