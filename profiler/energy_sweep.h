// SPDX-License-Identifier: GPL-2.0-or-later
/// The same run at every legal clock: what an inference takes and draws there.
#pragma once
#include "profiler/energy/answer.h"
#include "profiler/firmware_run.h"

#include <optional>
#include <string>
#include <vector>

namespace simprof {

/// One clock in one voltage range, with the wait states that the manual asks for.
struct SweepPoint {
    std::string setting; ///< voltage range
    Hertz clockHz = 0;
    unsigned waitStates = 0;
    std::string source; ///< of range and wait states
    double cycles = 0;  ///< of an inference, simulated at this point
    double timeUs = 0;
    std::optional<Banded> microamp;  ///< while running; nothing: unknown
    std::optional<Banded> energyUj;  ///< of an inference
    std::optional<Banded> averageUw; ///< at the period, where an inference fits into it
};

/// All points, slowest clock first, and the best of them by index.
struct EnergySweep {
    std::string firmware, board, supply;
    std::optional<double> periodSeconds;
    std::string waiting; ///< state between inferences, of the average
    std::vector<SweepPoint> points;
    std::optional<std::size_t> leastEnergy, leastTime, leastPeak, leastAverage;
};

/// Simulates `run` again at the end and in the middle of each wait-state step of each voltage range. `options` are
/// those of the run. Throws Error when the run has no inference or the clocks of its MCU are not known.
EnergySweep sweepEnergy(FirmwareRun& run, const RunOptions& options, const EnergyQuestion& question);

} // namespace simprof
