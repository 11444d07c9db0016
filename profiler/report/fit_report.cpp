// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/fit_report.h"

#include "profiler/energy/calibration.h"
#include "profiler/report/escape.h"
#include "profiler/report/paragraphs.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace simprof {

namespace {

using Kind = Column::Kind;

/// What the worst measurement asks for, and no less than networks of one board differ by.
double bandOf(const EnergyFit& fit) { return std::max(kCalibratedBandPercent, std::ceil(fit.worstPercent)); }

double microampPerMhz(const EnergyFit& fit) { return fit.pjPerCycle / fit.volts; }

Table measurementTable(const EnergyFit& fit) {
    Table table{"measurements",
                {{"what", "what", Kind::Text},
                 {"cycles", "cycles", Kind::Number},
                 {"measured", "measured", Kind::Number},
                 {"measured_uj", "µJ", Kind::Hidden},
                 {"pj_per_cycle", "pJ/cycle", Kind::Number},
                 {"error_percent", "fit %", Kind::Number}},
                {},
                {}};
    for (std::size_t i = 0; i < fit.measurements.size(); ++i) {
        const Measurement& one = fit.measurements[i];
        table.rows.push_back({Cell::name(one.what), Cell::amount(one.cycles, 0), Cell::name(one.value),
                              Cell::significant(one.microjoules), Cell::amount(one.microjoules * 1e6 / one.cycles, 1),
                              Cell{fit.errors[i], fmt::format("{:+.2f}", fit.errors[i]), 1}});
    }
    return table;
}

/// A row for a board file.
std::string supplyRow(const EnergyFit& fit, const std::string& file) {
    std::string source = file;
    std::ranges::replace_if(
        source, [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }, '?');
    return fmt::format(
        "[[supplies]]\nname = \"measured\"\nvolts = {}\nmicroamp_per_mhz = {:.1f}\nband_percent = {:.0f}\n"
        "source = \"{} measurements in {}\"\n",
        fit.volts, microampPerMhz(fit), bandOf(fit), fit.measurements.size(), source);
}

std::string headOf(const EnergyFit& fit) {
    return fmt::format("{} measurements of {}, {}: {:.1f} pJ a cycle, {:.1f} % off on average, {:.1f} % at worst",
                       fit.measurements.size(), fit.board, fit.supply, fit.pjPerCycle, fit.meanPercent,
                       fit.worstPercent);
}

std::string jsonOf(const EnergyFit& fit) {
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Lines);
    json.member("schema", "simprof-energy-fit/1");
    json.member("board", fit.board);
    json.member("supply", fit.supply);
    json.member("volts", fit.volts);
    json.member("pj_per_cycle", fit.pjPerCycle);
    json.member("microamp_per_mhz", microampPerMhz(fit));
    json.member("mean_percent", fit.meanPercent);
    json.member("worst_percent", fit.worstPercent);
    json.member("band_percent", bandOf(fit));
    json.key("measurements");
    renderJson(measurementTable(fit), json);
    json.endObject();
    return json.take();
}

} // namespace

std::string writeFit(const EnergyFit& fit, const std::string& file, const std::string& format, const TextStyle& style) {
    if (format == "json") {
        return jsonOf(fit);
    }
    if (format != "text") {
        throw Error(fmt::format("simprof energy fit prints text or json, not '{}'", format));
    }
    return style.bold(plain(headOf(fit))) + "\n" + renderText(measurementTable(fit), style) +
           fmt::format("\nFor other runs: --calibrate {:.1f}. In a board file, to keep:\n\n", fit.pjPerCycle) +
           supplyRow(fit, file);
}

} // namespace simprof
