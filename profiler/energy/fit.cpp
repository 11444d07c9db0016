// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/energy/fit.h"

#include "profiler/analysis/inference_mean.h"
#include "profiler/analysis/network_slice.h"
#include "profiler/text/quantity.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <sstream>
#include <string_view>

namespace simprof {

namespace {

constexpr std::string_view kHeader = "run,part,measured";
constexpr std::size_t kMostMeasurements = 10'000;

Error refused(std::size_t line, const std::string& why) {
    return Error(fmt::format("line {} of the measurements: {}", line, why));
}

double positive(std::size_t line, const std::string& text, std::span<const UnitFactor> units) {
    const auto value = quantityOf(text, units);
    if (!value || !(*value > 0)) {
        throw refused(line,
                      fmt::format("'{}' is no number above 0 with one of the units {}", text, listOfUnits(units)));
    }
    return *value;
}

/// "run", "part" and "measured" of a line.
std::array<std::string, 3> fieldsOf(std::size_t number, const std::string& line) {
    std::array<std::string, 3> fields;
    std::size_t at = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::size_t end = i + 1 < fields.size() ? line.find(',', at) : line.size();
        if (end == std::string::npos || (i + 1 == fields.size() && line.find(',', at) != std::string::npos)) {
            throw refused(number, fmt::format("it has not three fields: {}", kHeader));
        }
        fields[i] = line.substr(at, end - at);
        at = end + 1;
    }
    return fields;
}

const LayerInfo& layerOf(std::size_t line, const std::string& part, const Profile& profile) {
    std::size_t number = 0;
    const char* const end = part.data() + part.size();
    const auto read = std::from_chars(part.data() + std::string_view("layer ").size(), end, number);
    if (read.ec != std::errc{} || read.ptr != end || number >= profile.layers.size()) {
        throw refused(
            line, fmt::format("'{}' is none of the run's {} layers, which count from 0", part, profile.layers.size()));
    }
    return profile.layers[number];
}

Measurement measured(std::size_t line, const std::array<std::string, 3>& fields, const Profile& profile, double volts) {
    const auto& [run, part, value] = fields;
    Measurement made{fmt::format("{}, {}", run, part), value, 0, 0};
    if (part == "running") {
        const double microwatts = positive(line, value, kCurrentUnits) * volts;
        made.cycles = static_cast<double>(profile.board.clockHz); // in a second
        made.microjoules = microwatts;
        return made;
    }
    const bool isLayer = part.starts_with("layer ");
    if (!isLayer && part != "inference") {
        throw refused(line, fmt::format("'{}' is none of inference, layer N, running", part));
    }
    made.microjoules = positive(line, value, kEnergyUnits);
    if (isLayer) {
        const LayerInfo& layer = layerOf(line, part, profile);
        const std::uint64_t inferences = profile.networks[static_cast<std::size_t>(layer.network)].inferences;
        made.what += layer.op.empty() ? "" : " " + layer.op;
        made.cycles = static_cast<double>(layer.cycles) / static_cast<double>(std::max<std::uint64_t>(inferences, 1));
    } else {
        if (networksThatRan(profile) > 1) {
            throw refused(line, fmt::format("{} networks ran, which have an inference each: give layers",
                                            networksThatRan(profile)));
        }
        made.cycles = inferenceMean(profile, 0).cycles;
    }
    return made;
}

void solve(EnergyFit& fit) {
    double products = 0, squares = 0; // of pJ per measured pJ and cycle
    for (const Measurement& one : fit.measurements) {
        const double share = one.cycles / (one.microjoules * 1e6);
        products += share;
        squares += share * share;
    }
    fit.pjPerCycle = products / squares;
    for (const Measurement& one : fit.measurements) {
        const double error = 100 * (fit.pjPerCycle * one.cycles * 1e-6 / one.microjoules - 1);
        fit.errors.push_back(error);
        fit.meanPercent += std::abs(error) / static_cast<double>(fit.measurements.size());
        fit.worstPercent = std::max(fit.worstPercent, std::abs(error));
    }
}

} // namespace

EnergyFit fitEnergy(const std::string& csv, const std::function<const Profile&(const std::string& run)>& profileOf) {
    EnergyFit fit;
    std::istringstream lines(csv);
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        line.erase(line.find_last_not_of(" \t\r") + 1);
        if (number == 1) {
            if (line != kHeader) {
                throw refused(1, fmt::format("it must be '{}'", kHeader));
            }
            continue;
        }
        if (line.empty()) {
            continue;
        }
        if (fit.measurements.size() == kMostMeasurements) {
            throw refused(number, fmt::format("there are more than {}", kMostMeasurements));
        }
        const auto fields = fieldsOf(number, line);
        const Profile& profile = profileOf(fields[0]);
        const double volts = profile.board.supplyFigures ? profile.board.supplyFigures->volts : 0;
        if (volts <= 0) {
            throw refused(number, fmt::format("no supply voltage is known of {}", profile.board.name));
        }
        if (fit.measurements.empty()) {
            fit.board = profile.board.name;
            fit.supply = profile.board.supply;
            fit.volts = volts;
        } else if (fit.board != profile.board.name || fit.supply != profile.board.supply) {
            throw refused(number, fmt::format("{} with {} is not {} with {}, which the lines before are of",
                                              profile.board.name, profile.board.supply, fit.board, fit.supply));
        }
        fit.measurements.push_back(measured(number, fields, profile, volts));
        if (fit.measurements.back().cycles == 0) {
            throw refused(number, fmt::format("'{}' took no cycles in the run", fit.measurements.back().what));
        }
    }
    if (fit.measurements.empty()) {
        throw Error("the file holds no measurements: below the line 'run,part,measured' goes one a line, such as "
                    "'kws.simprof,inference,8.2mJ'");
    }
    solve(fit);
    return fit;
}

} // namespace simprof
