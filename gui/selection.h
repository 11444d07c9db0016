// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/counting.h"
#include "sim_core/units.h"

#include <QObject>

#include <optional>

namespace simprof::gui {

/// A half-open range of cycles.
struct CycleRange {
    Cycles begin = 0;
    Cycles end = 0;
    bool operator==(const CycleRange&) const = default;
};

/// What the user looks at: a layer, a range of time, a function, and how layers are counted. All pages follow this one
/// object; indices are those of the profile's vectors, -1 is nothing.
class Selection : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    int layer() const { return m_layer; }
    int function() const { return m_function; }
    const std::optional<CycleRange>& range() const { return m_range; }
    const Counting& counting() const { return m_counting; }

    void setLayer(int layer);
    void setFunction(int function);
    void setRange(std::optional<CycleRange> range);
    void setCounting(const Counting& counting);
    /// Forgets what is selected, as when another profile is opened; the kind of figure stays.
    void clear();

Q_SIGNALS:
    void layerChanged(int layer);
    void functionChanged(int function);
    void rangeChanged();
    void countingChanged();

private:
    int m_layer = -1;
    int m_function = -1;
    std::optional<CycleRange> m_range;
    Counting m_counting;
};

} // namespace simprof::gui
