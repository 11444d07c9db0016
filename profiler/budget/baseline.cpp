// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/diff.h"
#include "profiler/budget/budget.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"

#include <algorithm>
#include <fmt/format.h>

namespace simprof {
namespace {

template<class T>
Check baselineCheck(const std::string& where, const std::string& metric, const Change<T>& change,
                    double tolerancePercent) {
    Check check;
    check.where = where;
    check.metric = metric;
    check.base = static_cast<double>(change.base);
    check.limit = *check.base * (1 + tolerancePercent / 100);
    check.measured = static_cast<double>(change.now);
    return check;
}

/// The layers and owners that grew most, in words.
std::string grownMost(const ProfileDiff& diff) {
    std::vector<std::pair<std::int64_t, std::string>> grown;
    for (const LayerChange& layer : diff.layers) {
        grown.emplace_back(layer.cycles.difference(), layer.title());
    }
    for (const NamedChange& owner : diff.owners) {
        grown.emplace_back(owner.cycles.difference(), owner.name);
    }
    std::stable_sort(grown.begin(), grown.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < grown.size() && i < 3 && grown[i].first > 0; ++i) {
        parts.push_back(fmt::format("{} {}", grown[i].second, signedGrouped(grown[i].first)));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

void addLayerChecks(const ProfileDiff& diff, const Profile& now, double tolerancePercent, std::vector<Check>& out) {
    const std::size_t first = out.size();
    for (const LayerChange& layer : diff.layers) {
        Check cycles = baselineCheck(layer.title(), "cycles", layer.cycles, tolerancePercent);
        cycles.whole = static_cast<double>(now.totals.cycles);
        cycles.moved = layer.moved;
        out.push_back(std::move(cycles));
        Check sram = baselineCheck(layer.title(), "sram_peak_bytes", layer.sramPeakBytes, tolerancePercent);
        sram.whole = now.memory.arena ? static_cast<double>(now.memory.arena->sizeBytes) : 0;
        if (!layer.scratchBytes.isNone()) {
            sram.moved = fmt::format("scratch {:+} bytes", layer.scratchBytes.difference());
        }
        out.push_back(std::move(sram));
        for (std::size_t i = out.size() - 2; i < out.size() && layer.now; ++i) {
            out[i].layer = static_cast<std::int32_t>(*layer.now);
        }
    }
    std::stable_partition(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(),
                          [](const Check& check) { return check.metric == "cycles"; });
}

} // namespace

GateResult checkBaseline(const Profile& base, const Profile& now, const Tolerance& tolerance) {
    const std::vector<std::string> differences = unlikeness(base, now);
    if (!differences.empty()) {
        throw Error(fmt::format("the baseline cannot be compared: {}; make a new baseline or run as it was run",
                                fmt::join(differences, "; ")));
    }
    const ProfileDiff diff = diffProfiles(base, now);
    GateResult result;
    Check total = baselineCheck("total", "cycles", diff.cycles, tolerance.totalPercent);
    total.moved = grownMost(diff);
    result.checks.push_back(total);
    result.checks.push_back(baselineCheck("total", "energy_uj", diff.energyUj, tolerance.totalPercent));
    for (const MemoryChange& change : diff.memory) {
        if (change.key != "image_bytes") { // flash is no matter of this gate; a budget may limit it
            const std::string where = change.network.empty() ? "memory" : "memory of " + change.network;
            result.checks.push_back(baselineCheck(where, change.key, change.bytes, tolerance.totalPercent));
        }
    }
    addLayerChecks(diff, now, tolerance.layerPercent, result.checks);
    if (base.tool.version != now.tool.version) {
        result.notes.push_back(fmt::format("the baseline was made by simprof {}, this is {}: cycle tables may differ",
                                           base.tool.version, now.tool.version));
    }
    if (base.firmware.sha256 == now.firmware.sha256 && !diff.isNone()) {
        result.notes.push_back("the firmware file is the same as the baseline's: what changed is the run or simprof");
    }
    addChecks(result, {});
    return result;
}

double Check::changePercent() const {
    const double from = base.value_or(limit);
    if (measured == from) {
        return 0;
    }
    return from > 0 ? 100 * (measured - from) / from : 100;
}

double Check::weight() const {
    const double part = whole > 0 ? whole : limit;
    return part > 0 ? (measured - limit) / part : measured - limit;
}

std::size_t GateResult::violations() const {
    return static_cast<std::size_t>(
        std::count_if(checks.begin(), checks.end(), [](const Check& check) { return check.isViolated(); }));
}

void addChecks(GateResult& result, GateResult more) {
    result.checks.insert(result.checks.end(), more.checks.begin(), more.checks.end());
    result.notes.insert(result.notes.end(), more.notes.begin(), more.notes.end());
    if (!more.against.empty()) {
        result.against += (result.against.empty() ? "" : " and ") + more.against;
    }
    const auto firstPassed = std::stable_partition(result.checks.begin(), result.checks.end(),
                                                   [](const Check& check) { return check.isViolated(); });
    // A layer comes before the total it is a part of: it names the cause.
    std::stable_sort(result.checks.begin(), firstPassed, [](const Check& a, const Check& b) {
        return a.layer.has_value() != b.layer.has_value() ? a.layer.has_value() : a.weight() > b.weight();
    });
}

} // namespace simprof
