// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/sweep_report.h"

#include "profiler/report/escape.h"
#include "profiler/report/paragraphs.h"
#include "profiler/report/sweep_plot.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"

#include <fmt/format.h>

namespace simprof {

namespace {

using Kind = Column::Kind;

Cell figure(const std::optional<Banded>& banded) {
    return banded ? Cell::significant(banded->value) : Cell::name("unknown");
}

Table pointTable(const EnergySweep& sweep) {
    Table table{"points",
                {{"setting", "range", Kind::Name},
                 {"clock_hz", "clock", Kind::Number},
                 {"wait_states", "waits", Kind::Number},
                 {"cycles", "cycles", Kind::Number},
                 {"time_us", "time", Kind::Number},
                 {"microamp", "µA", Kind::Number},
                 {"energy_uj", "µJ", Kind::Number},
                 {"energy_low_uj", "from", Kind::Number},
                 {"energy_high_uj", "to", Kind::Number},
                 {"average_uw", "average µW", Kind::Number},
                 {"best", "best for", Kind::Text},
                 {"source", "source", Kind::Hidden}},
                {},
                {}};
    for (std::size_t i = 0; i < sweep.points.size(); ++i) {
        const SweepPoint& point = sweep.points[i];
        std::string best;
        const auto add = [&](std::optional<std::size_t> index, const char* what) {
            if (index == i) {
                best += (best.empty() ? "" : ", ") + std::string(what);
            }
        };
        add(sweep.leastEnergy, "energy");
        add(sweep.leastTime, "latency");
        add(sweep.leastPeak, "peak current");
        add(sweep.leastAverage, "average");
        const auto& energy = point.energyUj;
        table.rows.push_back({Cell::name(point.setting), Cell{point.clockHz, humanFrequency(point.clockHz), 1},
                              Cell::count(point.waitStates), Cell::amount(point.cycles, 0),
                              Cell{point.timeUs, humanTime(point.timeUs), 1}, figure(point.microamp), figure(energy),
                              energy ? Cell::significant(energy->low) : Cell::none(),
                              energy && energy->high ? Cell::significant(*energy->high) : Cell::none(),
                              point.averageUw ? Cell::significant(point.averageUw->value) : Cell::none(),
                              Cell::name(best), Cell::name(point.source)});
    }
    if (!sweep.periodSeconds) {
        for (auto& row : table.rows) {
            row.erase(row.begin() + 9);
        }
        table.columns.erase(table.columns.begin() + 9);
    }
    return table;
}

std::string headOf(const EnergySweep& sweep) {
    return fmt::format("{} on {}, {}: an inference at each clock, simulated again", sweep.firmware, sweep.board,
                       sweep.supply);
}

std::string noteOf(const EnergySweep& sweep) {
    return sweep.periodSeconds ? fmt::format("Average at one inference in {}, between them {}.",
                                             humanTime(*sweep.periodSeconds * 1e6), sweep.waiting)
                               : "";
}

void writeBest(JsonWriter& json, const char* key, std::optional<std::size_t> index) {
    json.key(key);
    if (index) {
        json.value(*index);
    } else {
        json.null();
    }
}

std::string jsonOf(const EnergySweep& sweep) {
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Lines);
    json.member("schema", "simprof-energy-sweep/1");
    json.member("firmware", sweep.firmware);
    json.member("board", sweep.board);
    json.member("supply", sweep.supply);
    json.key("points");
    renderJson(pointTable(sweep), json);
    writeBest(json, "least_energy", sweep.leastEnergy);
    writeBest(json, "least_time", sweep.leastTime);
    writeBest(json, "least_peak", sweep.leastPeak);
    writeBest(json, "least_average", sweep.leastAverage);
    json.endObject();
    return json.take();
}

} // namespace

std::string writeSweep(const EnergySweep& sweep, const std::string& format, const TextStyle& style) {
    const Table table = pointTable(sweep);
    const std::string note = noteOf(sweep);
    if (format == "text") {
        return style.bold(plain(headOf(sweep))) + "\n" + (note.empty() ? "" : labelled(style, "", plain(note), 0)) +
               renderText(table, style);
    }
    if (format == "markdown") {
        return fmt::format("## {}\n\n{}{}", escapeMarkdown(headOf(sweep)),
                           note.empty() ? "" : escapeMarkdown(note) + "\n\n", renderMarkdown(table));
    }
    if (format == "json") {
        return jsonOf(sweep);
    }
    if (format == "html") {
        return sweepPage(sweep, headOf(sweep), note, renderHtml(table));
    }
    throw Error(fmt::format("simprof energy sweep prints text, json, markdown or html, not '{}'", format));
}

} // namespace simprof
