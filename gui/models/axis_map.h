// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <QString>

#include <utility>
#include <vector>

namespace simprof::gui {

/// What an axis of time counts.
enum class TimeUnit : std::uint8_t { Cycles, Time, LayerSteps };

/// From cycles to the numbers of a time axis and back: piecewise linear, so that changes of the clock and layers of any
/// length are shown right.
class AxisMap {
public:
    AxisMap() = default;
    /// Time in microseconds follows Profile::clocks; layer steps follow the spans of inference `inference`.
    AxisMap(const Profile& profile, TimeUnit unit, std::uint32_t inference);

    TimeUnit unit() const { return m_unit; }
    double fromCycles(double cycles) const;
    double toCycles(double value) const;
    /// "12,345 cycles", "1.23 ms", "layer 4" (for steps: the layer that runs then).
    QString text(double value) const;
    /// The length of a stretch of the axis, with unit.
    QString lengthText(double length) const;
    /// Marks at round numbers, at most `most` of them, with a label each; `step` between them.
    std::vector<std::pair<double, QString>> ticks(double begin, double end, int most) const;

private:
    TimeUnit m_unit = TimeUnit::Cycles;
    std::vector<std::pair<double, double>> m_points; ///< (cycles, value), at least two, both rising
};

} // namespace simprof::gui
