// SPDX-License-Identifier: GPL-2.0-or-later
/// The one call that the command line and the window make.
#pragma once
#include "profiler/energy/calibration.h"
#include "profiler/profile.h"
#include "sim_core/host/host_files.h"
#include "sim_core/image/firmware_image.h"
#include "sim_core/machine_desc.h"

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace simprof {

/// How far a run is; told a few times a second.
struct RunProgress {
    std::uint32_t inferences = 0;
    Cycles cycles = 0;
    double simulatedSeconds = 0;
    std::uint64_t instructions = 0;
    std::uint32_t pass = 1; ///< a network found by the spine rule needs a second pass
};

/// Where a UART goes: "USART2" -> "pty", "file:OUT", "tcp:PORT", "script:FILE", "terminal".
struct UartAttachment {
    std::string uart;
    std::string target;
};

/// How much of the host a run may take before it ends with what was measured so far.
struct RunHostLimits {
    Bytes consoleBytes = Bytes{4} << 20; ///< --console-limit: of text; a run with a goal goes on without the rest
    std::optional<Bytes> memoryBytes;    ///< --max-memory: resident; unset: 2 GiB, or less in a small container
    double seconds = 5 * 3600;           ///< --max-time; CI services end jobs after six hours, without a report
};

/// What the user may choose about a run.
struct RunOptions {
    std::string boardName;                        ///< empty: guessed; *.toml and *.json are board files
    std::optional<std::filesystem::path> svd;     ///< --svd FILE: names and reset values of unmodelled registers
    std::vector<std::string> sensors;             ///< --sensor BUS:PLACE=KIND:FILE, besides the board's own
    std::optional<std::string> untilSymbol;       ///< --until SYMBOL|ADDRESS
    std::optional<std::uint32_t> untilInferences; ///< --until inferences:N
    std::optional<Cycles> untilCycles;            ///< --until cycles:N
    std::optional<double> untilSeconds;           ///< --until time:T, simulated
    bool untilExit = false;                       ///< --until exit: also when nothing new comes
    std::optional<std::filesystem::path> model;   ///< --model net.tflite
    std::vector<std::string> asNetwork;           ///< --as-network FUNCTION|ADDRESS: their calls are layers
    HostFileLimits hostFiles;                     ///< --semihosting-root, --semihosting-quota
    std::string supply;                           ///< name of the supply configuration, empty: the board's first
    Calibration calibration;                      ///< --calibrate
    bool instructions = false;                    ///< fill Profile::instructions
    bool lives = false;                           ///< --lives: fill TensorLife::lives
    std::vector<std::string> whatIf;              ///< --what-if SELECT=CHANGE: timed as if
    std::vector<std::filesystem::path> sourceRoots;
    std::vector<UartAttachment> uarts;
    std::optional<std::filesystem::path> vcd;       ///< edges of pins and UARTs go to this file
    std::function<void(std::string_view)> announce; ///< where clients find pty and tcp; none: standard error
    std::function<void(const RunProgress&)> progress;
    std::function<void(std::string_view)> console; ///< each piece of text the firmware prints
    RunHostLimits limits;
    const std::atomic<bool>* cancel = nullptr; ///< set to true: the run ends with what was measured so far
};

/// A run without --until ends after so many core cycles without output and without a layer beginning or ending.
inline constexpr Cycles kDefaultCycleLimit = 2'000'000'000;

/// Parses the text of --until into `options`; throws Error with what is allowed.
void parseUntil(const std::string& text, RunOptions& options);

/// Runs `firmware` on the board named or guessed and returns what was measured; throws Error on bad input. A fault is
/// not an error: see Profile::halt.
Profile profileRun(const FirmwareImage& firmware, const RunOptions& options);

} // namespace simprof
