// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/energy/currents.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace simprof {

namespace {

/// Rows of a state: those for this setting, else those for any; by clock.
std::vector<const CurrentRow*> rowsOf(const SupplyPoint& supply, PowerState state, const std::string& setting) {
    std::vector<const CurrentRow*> rows;
    for (const std::string& wanted : {setting, std::string()}) {
        for (const CurrentRow& row : supply.currents) {
            if (row.state == state && row.setting == wanted) {
                rows.push_back(&row);
            }
        }
        if (!rows.empty()) {
            break;
        }
    }
    std::ranges::stable_sort(rows, {}, &CurrentRow::megahertz);
    return rows;
}

double onLine(double x0, double y0, double x1, double y1, double x) {
    return x1 > x0 ? std::max(0.0, y0 + (y1 - y0) * (x - x0) / (x1 - x0)) : y0;
}

Current withBand(double microamp, double most, double percent, std::string source) {
    const double band = percent / 100;
    return {microamp, std::max(0.0, microamp * (1 - band)), std::max(most, microamp * (1 + band)), std::move(source)};
}

Current fromOneRow(const SupplyPoint& supply, const CurrentRow& row, double megahertz) {
    const double percent = row.bandPercent > 0 ? row.bandPercent : supply.bandPercent;
    if (!(row.megahertz > 0) || !(megahertz > 0) || row.megahertz == megahertz) {
        return withBand(row.microamp, row.mostMicroamp, percent, row.source);
    }
    const double share = megahertz / row.megahertz;
    const double most = std::max(row.microamp, row.mostMicroamp);
    return withBand(row.microamp * share, share < 1 ? most : most * share, percent,
                    fmt::format("{}; in proportion to the clock, from {:g} MHz", row.source, row.megahertz));
}

Current fromRows(const SupplyPoint& supply, const std::vector<const CurrentRow*>& rows, double megahertz) {
    auto above = std::ranges::find_if(rows, [&](const CurrentRow* row) { return row->megahertz >= megahertz; });
    above = above == rows.begin() ? above + 1 : above == rows.end() ? above - 1 : above;
    const CurrentRow& high = **above;
    const CurrentRow& low = **(above - 1);
    const auto mostOf = [](const CurrentRow& row) { return std::max(row.microamp, row.mostMicroamp); };
    const auto bandOf = [&](const CurrentRow& row) {
        return row.bandPercent > 0 ? row.bandPercent : supply.bandPercent;
    };
    const bool isStated = high.megahertz == megahertz || low.megahertz == megahertz;
    const CurrentRow& nearest = low.megahertz == megahertz ? low : high;
    return withBand(onLine(low.megahertz, low.microamp, high.megahertz, high.microamp, megahertz),
                    onLine(low.megahertz, mostOf(low), high.megahertz, mostOf(high), megahertz),
                    std::max(bandOf(low), bandOf(high)),
                    isStated ? nearest.source
                             : fmt::format("{}; on the line through {:g} and {:g} MHz", high.source, low.megahertz,
                                           high.megahertz));
}

/// The figures of the supply that are no rows.
Current fromFigures(const SupplyPoint& supply, PowerState state, double megahertz) {
    if (state == PowerState::Run && (supply.microampPerMhz > 0 || supply.microampFixed > 0)) {
        return withBand(supply.microampPerMhz * megahertz + supply.microampFixed, 0, supply.bandPercent, supply.source);
    }
    if (state == PowerState::Sleep && supply.sleepMicroampPerMhz) {
        return withBand(*supply.sleepMicroampPerMhz * megahertz, 0, supply.bandPercent, supply.source);
    }
    if (state == PowerState::Stop && supply.stopMicroamp) {
        return withBand(*supply.stopMicroamp, 0, supply.bandPercent, supply.source);
    }
    return {};
}

} // namespace

bool runsByFormula(const SupplyPoint& supply, const std::string& setting) {
    return rowsOf(supply, PowerState::Run, setting).empty();
}

Current currentOf(const SupplyPoint& supply, PowerState state, const std::string& setting, double megahertz) {
    const auto rows = rowsOf(supply, state, setting);
    if (rows.size() == 1 || (!rows.empty() && rows.back()->megahertz <= rows.front()->megahertz)) {
        return fromOneRow(supply, *rows.front(), megahertz);
    }
    if (!rows.empty()) {
        return fromRows(supply, rows, megahertz);
    }
    Current current = fromFigures(supply, state, megahertz);
    if (!current.microamp) {
        current.source = fmt::format("no current of {}{} is documented", nameOf(state),
                                     setting.empty() ? "" : fmt::format(" ({})", setting));
        if (state != PowerState::Run) {
            current.high = currentOf(supply, PowerState::Run, setting, megahertz).high;
            if (!current.high) { // the setting of a wait is none of a running core
                current.high = currentOf(supply, PowerState::Run, "", megahertz).high;
            }
        }
    }
    return current;
}

} // namespace simprof
