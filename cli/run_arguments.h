// SPDX-License-Identifier: GPL-2.0-or-later
/// What every verb that runs a firmware shares: its options, and the run itself.
#pragma once
#include "cli/output.h"
#include "profiler/firmware_run.h"
#include "profiler/profile.h"
#include "profiler/profile_run.h"
#include "sim_core/error.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace simprof::cli {

/// The options of a run as typed.
struct RunArguments {
    std::string board;
    std::string svd;
    std::vector<std::string> sensors;
    std::string base;
    std::vector<std::string> until;
    std::string model;
    std::string replaceModel;
    std::vector<std::string> asNetwork;
    std::string semihostingRoot;
    std::string semihostingQuota;
    std::string consoleLimit;
    std::string maxMemory;
    std::string maxTime;
    std::string supply;
    std::vector<std::string> calibrate;
    bool calibratesProfiles = false; ///< the verb applies --calibrate to a profile itself
    std::vector<std::string> whatIf;
    bool instructions = false;
    bool lives = false;
    std::vector<std::string> sourceRoots;
    std::vector<std::string> uarts;
    std::string vcd;

    /// Adds them to a verb's command line.
    void addTo(CLI::App& verb);
    /// As profileRun wants them; throws Error that names the option.
    RunOptions options() const;
    /// The files a run reads besides the firmware, and those it writes.
    std::vector<std::string> inputs() const;
    std::vector<OutputFile> outputs() const;
    /// Whether any was given that only makes sense for a run.
    bool any() const;
};

/// The error for a board name that does not exist: what was probably meant, and all there are.
Error unknownBoard(const std::string& name);

/// A 32-bit address, hexadecimal with 0x or decimal; throws Error that names the option.
Address parseAddress(const std::string& text, const char* option);

/// Where the firmware's console goes.
enum class ConsoleTarget : std::uint8_t { Output, Error };

/// Does what `use` does with a run of the firmware at `path`, with a progress line; see runFirmware.
void withFirmwareRun(const std::string& path, const RunArguments& arguments, ConsoleTarget console,
                     const std::function<void(FirmwareRun&)>& use);

/// Reads and runs a firmware with a progress line; a signal ends the run with what was measured so far.
Profile runFirmware(const std::string& path, const RunArguments& arguments, ConsoleTarget console);

/// The firmware, as --base says.
FirmwareImage firmwareOf(const std::string& path, const RunArguments& arguments);

/// A profile as it is, or the profile of a firmware that is run now.
Profile profileOf(const std::string& path, const RunArguments& arguments, ConsoleTarget console);

/// 0 when the run ended as it should, 3 with a sentence on standard error when not.
int exitCodeOf(const Profile& profile);

} // namespace simprof::cli
