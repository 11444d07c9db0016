// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/sweep_plot.h"

#include "profiler/report/escape.h"
#include "profiler/text/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

namespace simprof {

namespace {

constexpr double kWidth = 820, kHeight = 360, kLeft = 80, kRight = 20, kTop = 20, kBottom = 50;
constexpr std::array<const char*, 4> kColours = {"#2a6fbb", "#c2541b", "#3c8d3c", "#8a4fa3"};

constexpr const char* kStyle =
    "body{font:15px system-ui,sans-serif;margin:24px;max-width:900px}table{border-collapse:collapse}"
    "td,th{padding:2px 8px;text-align:right;border-bottom:1px solid #ddd}svg text{font-size:12px;fill:currentColor}"
    ":root{color-scheme:light dark}";

/// From clock and energy to the picture.
struct Scale {
    double mostHertz = 1;
    double mostUj = 1;

    double x(Hertz clock) const { return kLeft + (kWidth - kLeft - kRight) * static_cast<double>(clock) / mostHertz; }
    double y(double microjoules) const { return kHeight - kBottom - (kHeight - kTop - kBottom) * microjoules / mostUj; }
};

Scale scaleOf(const EnergySweep& sweep) {
    Scale scale;
    for (const SweepPoint& point : sweep.points) {
        scale.mostHertz = std::max(scale.mostHertz, static_cast<double>(point.clockHz));
        scale.mostUj = point.energyUj ? std::max(scale.mostUj, point.energyUj->value * 1.3) : scale.mostUj;
    }
    return scale;
}

std::string axes(const Scale& scale) {
    std::string out;
    for (int i = 0; i <= 4; ++i) {
        const double share = i / 4.0;
        out += fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"end\">{}</text>\n", kLeft - 6,
                           scale.y(share * scale.mostUj) + 4, humanEnergy(share * scale.mostUj));
        const auto clock = static_cast<Hertz>(share * scale.mostHertz);
        out += fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"middle\">{}</text>\n", scale.x(clock),
                           kHeight - kBottom + 18, humanFrequency(clock));
    }
    return out + fmt::format("<path d=\"M{0} {1}V{2}H{3}\" fill=\"none\" stroke=\"currentColor\"/>\n", kLeft, kTop,
                             kHeight - kBottom, kWidth - kRight);
}

/// A voltage range: its band, its line, its points with their wait states.
std::string series(const std::string& name, const std::vector<const SweepPoint*>& points, const Scale& scale,
                   const char* colour, std::size_t row) {
    std::string line, upper, lower, marks;
    for (const SweepPoint* point : points) {
        const double x = scale.x(point->clockHz);
        const Banded& energy = *point->energyUj;
        line += fmt::format("{}{:.1f} {:.1f}", line.empty() ? "M" : "L", x, scale.y(energy.value));
        upper += fmt::format("{}{:.1f} {:.1f}", upper.empty() ? "M" : "L", x,
                             scale.y(std::min(scale.mostUj, energy.high.value_or(scale.mostUj))));
        lower.insert(0, fmt::format("L{:.1f} {:.1f}", x, scale.y(energy.low)));
        marks += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\" fill=\"{}\"><title>{}, {}, {} wait states: "
                             "{}, {}</title></circle>\n",
                             x, scale.y(energy.value), colour, escapeHtml(name), humanFrequency(point->clockHz),
                             point->waitStates, humanEnergy(energy.value), humanTime(point->timeUs));
    }
    return fmt::format("<path d=\"{}{}Z\" fill=\"{}\" opacity=\"0.15\"/>\n<path d=\"{}\" fill=\"none\" stroke=\"{}\" "
                       "stroke-width=\"1.5\"/>\n{}<text x=\"{}\" y=\"{}\" style=\"fill:{}\">{}</text>\n",
                       upper, lower, colour, line, colour, marks, kWidth - 160,
                       kTop + 14 * static_cast<double>(row + 1), colour, escapeHtml(name));
}

} // namespace

std::string sweepPage(const EnergySweep& sweep, const std::string& title, const std::string& note,
                      const std::string& table) {
    const Scale scale = scaleOf(sweep);
    std::map<std::string, std::vector<const SweepPoint*>> ranges;
    for (const SweepPoint& point : sweep.points) {
        if (point.energyUj) {
            ranges[point.setting.empty() ? "any range" : point.setting].push_back(&point);
        }
    }
    std::string plot = axes(scale);
    std::size_t row = 0;
    for (const auto& [name, points] : ranges) {
        plot += series(name, points, scale, kColours[row % kColours.size()], row);
        ++row;
    }
    return fmt::format("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title><style>{1}"
                       "</style></head><body>\n<h1>{0}</h1>\n<p>{2}</p>\n<svg viewBox=\"0 0 {3} {4}\" role=\"img\" "
                       "aria-label=\"energy of an inference against the core clock\">\n{5}</svg>\n{6}</body></html>\n",
                       escapeHtml(title), kStyle, escapeHtml(note), kWidth, kHeight, plot, table);
}

} // namespace simprof
