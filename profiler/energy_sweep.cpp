// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/energy_sweep.h"

#include "peripherals/mcus/wait_states.h"
#include "profiler/analysis/inference_mean.h"
#include "profiler/analysis/network_slice.h"
#include "profiler/energy/currents.h"
#include "profiler/energy/energy.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace simprof {

namespace {

/// The clocks at which a range's wait states step up, and one between them.
std::set<Hertz> clocksOf(const VoltageRange& range) {
    std::set<Hertz> clocks = {range.most};
    for (Hertz edge = range.step; edge <= range.most; edge += range.step) {
        clocks.insert(edge);
        clocks.insert(edge - range.step / 2);
    }
    return clocks;
}

Banded times(const Current& current, double factor) {
    return {*current.microamp * factor, current.low * factor,
            current.high ? std::optional(*current.high * factor) : std::nullopt};
}

/// Index of the point with the least `figure`, of those that have one.
template<class Figure>
std::optional<std::size_t> least(const std::vector<SweepPoint>& points, Figure figure) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const std::optional<double> value = figure(points[i]);
        if (value && (!best || *value < *figure(points[*best]))) {
            best = i;
        }
    }
    return best;
}

std::optional<double> valueOf(const std::optional<Banded>& figure) {
    return figure ? std::optional(figure->value) : std::nullopt;
}

/// The supply that the run's figures are from, calibrated as they are.
SupplyPoint supplyOf(FirmwareRun& run, const RunOptions& options) {
    const Profile& plain = run.plain();
    const SupplyPoint* supply = chooseSupply(run.board(), options.supply, runSetting(plain));
    if (supply == nullptr) {
        throw Error(fmt::format("no running current of {} is known: give one with --calibrate", run.board().name));
    }
    if (options.calibration.empty()) {
        return *supply;
    }
    Profile uncalibrated = plain;
    addEnergy(uncalibrated, supply, {});
    return calibrated(*supply, options.calibration, inferenceMean(uncalibrated).energyUj, runSetting(plain));
}

SweepPoint pointOf(FirmwareRun& run, const VoltageRange& range, Hertz clock) {
    SweepPoint point;
    point.setting = range.setting;
    point.clockHz = clock;
    point.waitStates = range.waitStatesAt(clock);
    point.source = range.source;
    const Profile there =
        run.changed({fmt::format("clock={}Hz", clock), fmt::format("wait-states={}", point.waitStates)});
    const InferenceMean mean = inferenceMean(there);
    point.cycles = mean.cycles;
    point.timeUs = mean.cycles / (static_cast<double>(clock) * 1e-6);
    return point;
}

void addCurrents(SweepPoint& point, const SupplyPoint& supply, const StateUse& waiting,
                 const EnergyQuestion& question) {
    const double megahertz = static_cast<double>(point.clockHz) * 1e-6;
    const Current run = currentOf(supply, PowerState::Run, point.setting, megahertz);
    if (!run.microamp) {
        return;
    }
    point.microamp = times(run, 1);
    point.energyUj = times(run, supply.volts * point.timeUs * 1e-6);
    const double seconds = point.timeUs * 1e-6;
    if (!question.periodSeconds || *question.periodSeconds < seconds) {
        return;
    }
    const Current idle = currentOf(supply, waiting.state,
                                   waiting.state == PowerState::Sleep ? point.setting : waiting.setting, megahertz);
    const auto average = [&](double energyUj, double microamp) {
        return averageMicrowatts(energyUj, seconds, microamp * supply.volts, *question.periodSeconds) +
               question.otherMicrowatts;
    };
    const Banded& energy = *point.energyUj;
    point.averageUw = {average(energy.value, idle.microamp.value_or(idle.low)), average(energy.low, idle.low),
                       energy.high && idle.high ? std::optional(average(*energy.high, *idle.high)) : std::nullopt};
}

} // namespace

EnergySweep sweepEnergy(FirmwareRun& run, const RunOptions& options, const EnergyQuestion& question) {
    const Profile& plain = run.plain();
    expectOneNetwork(plain, "the inference of a sweep");
    if (inferenceMean(plain).timeUs <= 0) {
        throw Error("the run has no inference: there is nothing to compare at other clocks");
    }
    const std::vector<VoltageRange> ranges = voltageRanges(*run.board().mcu);
    if (ranges.empty()) {
        throw Error(
            fmt::format("which clocks {} may run at, with how many wait states, is not known", run.board().mcu->name));
    }
    const SupplyPoint supply = supplyOf(run, options);
    const Waiting waiting = waitingState(plain, question.between);
    EnergySweep sweep;
    sweep.firmware = plain.firmware.name;
    sweep.board = plain.board.name;
    sweep.supply = supply.name;
    sweep.periodSeconds = question.periodSeconds;
    sweep.waiting = fmt::format("{}, {}", describeState(waiting.state), waiting.why);
    for (const VoltageRange& range : ranges) {
        for (const Hertz clock : clocksOf(range)) {
            sweep.points.push_back(pointOf(run, range, clock));
            addCurrents(sweep.points.back(), supply, waiting.state, question);
        }
    }
    std::ranges::stable_sort(sweep.points, {}, &SweepPoint::clockHz);
    sweep.leastEnergy = least(sweep.points, [](const SweepPoint& point) { return valueOf(point.energyUj); });
    sweep.leastTime = least(sweep.points, [](const SweepPoint& point) { return std::optional(point.timeUs); });
    sweep.leastPeak = least(sweep.points, [](const SweepPoint& point) { return valueOf(point.microamp); });
    sweep.leastAverage = least(sweep.points, [](const SweepPoint& point) { return valueOf(point.averageUw); });
    return sweep;
}

} // namespace simprof
