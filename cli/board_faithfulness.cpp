// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/board_faithfulness.h"
#include "peripherals/boards/measured.h"
#include "profiler/analysis/measured_band.h"
#include "profiler/text/numbers.h"
#include "sim_core/timing/memory_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace simprof::cli {
namespace {

using Kind = Column::Kind;

/// Cycles without decimals; means of short code with one, ratios with three.
Cell figure(double value) {
    if (value >= 10000 || value == std::round(value)) {
        return Cell::count(static_cast<std::uint64_t>(std::llround(value)));
    }
    return Cell::amount(value, value < 10 ? 3 : 1);
}

} // namespace

Table timingRuleTable(const McuDesc& mcu) {
    Table table{"timing_rules", {{"what", "modelled", Kind::Name}, {"source", "source", Kind::Text}}, {}, {}};
    for (const TimingRule& rule : mcu.core.kind->rules) {
        table.rows.push_back({Cell::name(std::string(rule.what)), Cell::name(std::string(rule.source))});
    }
    return table;
}

Table measuredTable(const BoardDesc* board) {
    Table table{"measured",
                {{"id", "case", Kind::Name},
                 {"board", "board", board != nullptr ? Kind::Hidden : Kind::Name},
                 {"code", "code", Kind::Name},
                 {"what", "what", Kind::Name},
                 {"conditions", "conditions", Kind::Text},
                 {"simulated_cycles", "simulated", Kind::Number},
                 {"measured_cycles", "measured", Kind::Number},
                 {"error_percent", "error %", Kind::Number},
                 {"use", "", Kind::Name},
                 {"source", "source", Kind::Hidden}},
                {},
                {}};
    for (const MeasuredCase& row : measuredCases()) {
        if (board != nullptr && row.board != board->name) {
            continue;
        }
        table.rows.push_back({Cell::name(std::string(row.id)), Cell::name(std::string(row.board)),
                              Cell::name(nameOf(row.code)), Cell::name(std::string(row.what)),
                              Cell::name(std::string(row.conditions)), figure(row.simulated), figure(row.measured),
                              Cell{row.errorPercent(), fmt::format("{:+.2f}", row.errorPercent()), 1},
                              Cell::name(row.fitted ? "fitted" : "checked"), Cell::name(std::string(row.source))});
    }
    return table;
}

Table bandTable(const BoardDesc& board) {
    Table table{"bands",
                {{"code", "code", Kind::Name},
                 {"measured_on", "measured on", Kind::Name},
                 {"unseen_cases", "unseen cases", Kind::Number},
                 {"unseen_median_percent", "median %", Kind::Number},
                 {"unseen_worst_percent", "worst %", Kind::Number},
                 {"fitted_cases", "fitted cases", Kind::Number},
                 {"fitted_median_percent", "median %", Kind::Number},
                 {"fitted_worst_percent", "worst %", Kind::Number}},
                {},
                {}};
    for (const NameRow<CodeClass>& kind : kCodeClasses) {
        if (kind.value == CodeClass::Unknown) {
            continue;
        }
        const MeasuredBand band = measuredBand(measuredCases(), kind.value, board.name, board.mcu->core.kind->name);
        const char* where = band.scope == BandScope::Board  ? "this board"
                            : band.scope == BandScope::Core ? "other boards with its core"
                                                            : "not measured";
        std::vector<Cell> cells = {Cell::name(kind.name), Cell::name(where)};
        for (const ErrorSpread& errors : {band.unseen, band.fitted}) {
            const bool any = errors.cases != 0;
            cells.push_back(any ? Cell::count(errors.cases) : Cell::none());
            cells.push_back(any ? Cell::amount(errors.median, 2) : Cell::none());
            cells.push_back(any ? Cell::amount(errors.worst, 2) : Cell::none());
        }
        table.rows.push_back(std::move(cells));
    }
    return table;
}

std::string measuredSummary(const BoardDesc& board) {
    double sum = 0, worst = 0;
    unsigned count = 0;
    for (const MeasuredCase& row : measuredCases()) {
        if (row.board == board.name) {
            const double error = std::abs(row.errorPercent());
            sum += error;
            worst = std::max(worst, error);
            ++count;
        }
    }
    return count == 0 ? "no measurement of this board was compared; its core's rules were checked on others"
                      : fmt::format("mean error {:.2f} %, worst {:.2f} %, over {} cases", sum / count, worst, count);
}

} // namespace simprof::cli
