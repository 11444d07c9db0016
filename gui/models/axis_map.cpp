// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/axis_map.h"

#include "gui/text.h"
#include "profiler/analysis/cycle_time.h"

#include <algorithm>
#include <cmath>

namespace simprof::gui {

namespace {

double interpolate(double x, double x0, double y0, double x1, double y1) {
    return x1 == x0 ? y0 : y0 + (x - x0) * (y1 - y0) / (x1 - x0);
}

/// 1, 2 or 5 times a power of ten, at least `least`.
double roundStep(double least) {
    const double power = std::pow(10.0, std::floor(std::log10(std::max(least, 1e-9))));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (power * factor >= least) {
            return power * factor;
        }
    }
    return power * 10;
}

int digitsFor(double step) { return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 6); }

} // namespace

AxisMap::AxisMap(const Profile& profile, TimeUnit unit, std::uint32_t inference)
    : m_unit(unit) {
    const auto end = static_cast<double>(std::max<Cycles>(1, profile.totals.cycles));
    if (unit == TimeUnit::Time) {
        const CycleTime time(profile);
        m_points.emplace_back(0, time.microseconds(0));
        for (const ClockChange& change : profile.clocks) {
            if (static_cast<double>(change.cycle) > m_points.back().first && static_cast<double>(change.cycle) < end) {
                m_points.emplace_back(change.cycle, time.microseconds(change.cycle));
            }
        }
        m_points.emplace_back(end, time.microseconds(profile.totals.cycles));
    } else if (unit == TimeUnit::LayerSteps && inference < profile.inferences.size()) {
        // Before the first layer is step -1…0, each layer one step, behind the last one more.
        const Inference& shown = profile.inferences[inference];
        m_points.emplace_back(0, -1);
        double step = 0;
        for (const Span& span : shown.spans) {
            if (static_cast<double>(span.startCycle) > m_points.back().first) {
                m_points.emplace_back(span.startCycle, step);
            }
            step += 1;
        }
        const auto last = static_cast<double>(shown.startCycle + shown.cycles);
        if (last > m_points.back().first) {
            m_points.emplace_back(last, step);
        }
        if (end > m_points.back().first) {
            m_points.emplace_back(end, step + 1);
        }
    }
    if (m_points.size() < 2) {
        m_unit = unit == TimeUnit::LayerSteps ? TimeUnit::Cycles : unit;
        m_points = {{0, 0}, {end, end}};
    }
}

double AxisMap::fromCycles(double cycles) const {
    auto next = std::upper_bound(m_points.begin(), m_points.end(), cycles,
                                 [](double value, const auto& p) { return value < p.first; });
    next = std::clamp(next, m_points.begin() + 1, m_points.end() - 1);
    const auto& before = *(next - 1);
    return interpolate(cycles, before.first, before.second, next->first, next->second);
}

double AxisMap::toCycles(double value) const {
    auto next =
        std::upper_bound(m_points.begin(), m_points.end(), value, [](double v, const auto& p) { return v < p.second; });
    next = std::clamp(next, m_points.begin() + 1, m_points.end() - 1);
    const auto& before = *(next - 1);
    return interpolate(value, before.second, before.first, next->second, next->first);
}

QString AxisMap::text(double value) const {
    switch (m_unit) {
    case TimeUnit::Time: return timeText(std::max(0.0, value));
    case TimeUnit::LayerSteps:
        return value < 0 ? QStringLiteral("before the first layer")
                         : QStringLiteral("layer %1").arg(static_cast<int>(value));
    case TimeUnit::Cycles: break;
    }
    return qt(grouped(static_cast<std::uint64_t>(std::max(0.0, value)))) + QStringLiteral(" cycles");
}

QString AxisMap::lengthText(double length) const {
    switch (m_unit) {
    case TimeUnit::Time: return timeText(length);
    case TimeUnit::LayerSteps: return QStringLiteral("%1 layers").arg(length, 0, 'f', 1);
    case TimeUnit::Cycles: break;
    }
    return qt(grouped(static_cast<std::uint64_t>(std::llround(length)))) + QStringLiteral(" cycles");
}

std::vector<std::pair<double, QString>> AxisMap::ticks(double begin, double end, int most) const {
    std::vector<std::pair<double, QString>> marks;
    double step = roundStep((end - begin) / std::max(1, most));
    if (m_unit != TimeUnit::Time) {
        step = std::max(1.0, step);
    }
    // Time: all labels of an axis in one unit, chosen by its far end.
    const double far = std::max(std::abs(begin), std::abs(end));
    const double unit = m_unit != TimeUnit::Time ? 1 : far >= 1e6 ? 1e6 : far >= 1e3 ? 1e3 : 1;
    const char* name = unit == 1e6 ? " s" : unit == 1e3 ? " ms" : " µs";
    for (double at = std::ceil(begin / step) * step; at <= end && marks.size() < 200; at += step) {
        const double shown = std::abs(at) < step / 2 ? 0 : at;
        if (m_unit == TimeUnit::Time) {
            marks.emplace_back(at, qt(fixed(shown / unit, digitsFor(step / unit))) + QString::fromUtf8(name));
        } else if (shown >= 0) {
            marks.emplace_back(at, qt(grouped(static_cast<std::uint64_t>(shown))));
        }
    }
    return marks;
}

} // namespace simprof::gui
