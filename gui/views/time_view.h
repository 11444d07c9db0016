// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/axis_map.h"
#include "gui/selection.h"
#include "gui/views/painted_view.h"

#include <QPointF>
#include <QRectF>
#include <QVariantAnimation>

#include <optional>

namespace simprof::gui {

/// The part of an axis that is in view.
struct ViewRange {
    double begin = 0;
    double end = 1;
    double low = 0; ///< bounds
    double high = 1;
    double smallest = 1; ///< length of the closest view

    double length() const { return end - begin; }
    /// Zooms by a factor (below 1: closer) and keeps `at` where it is.
    void zoom(double factor, double at);
    void pan(double by);
    void show(double from, double to);
    void fit() { show(low, high); }
    bool isFitted() const { return begin <= low && end >= high; }
};

/// A picture with time on its horizontal axis: zoom to the cursor, pan, box zoom, measuring, all by mouse and keyboard.
/// Drag pans, Shift+drag measures a range of time, Ctrl+drag zooms to a box; + - arrows, Home, Z and M do it by key.
class TimeView : public PaintedView {
    Q_OBJECT
public:
    TimeView(const QString& name, Selection* selection, QWidget* parent);

    const ViewRange& range() const { return m_x; }
    const AxisMap& axis() const { return m_axis; }
    void zoomIn() { zoomAround(0.6); }
    void zoomOut() { zoomAround(1 / 0.6); }
    virtual void fit();
    /// Shows a range of cycles with a margin.
    void showCycles(double begin, double end);
    /// Shows the same share of its axis as another view does of its own.
    void showLike(const TimeView& other);
    QString textAt(const QPointF& at) const override;
    /// Moves the view by a share of its width.
    void panBy(double share);

Q_SIGNALS:
    void rangeChanged();
    /// One line for the status bar: what is under the cursor.
    void hovered(const QString& text);

protected:
    /// Where the time axis is painted, of a picture of this size.
    virtual QRectF plot(const QSizeF& size) const = 0;
    virtual QString tipAt(const QPointF& at) const = 0;
    virtual void pick(const QPointF& at) = 0;
    virtual void activate(const QPointF& at) { Q_UNUSED(at) }
    /// The run of a layer, as first and last cycle, that the view moves to when the layer is selected elsewhere;
    /// nothing: the view stays.
    virtual std::optional<std::pair<Cycles, Cycles>> placeOf(int layer) {
        Q_UNUSED(layer)
        return std::nullopt;
    }
    /// First and last cycle of an inference; nothing: the view does not move to inferences, or there is no such one.
    virtual std::optional<std::pair<Cycles, Cycles>> placeOfInference(int inference) {
        Q_UNUSED(inference)
        return std::nullopt;
    }
    /// The vertical part of panning and zooming, where a view has one.
    virtual void panRows(double pixels) { Q_UNUSED(pixels) }
    virtual void zoomRows(double factor, double y) {
        Q_UNUSED(factor)
        Q_UNUSED(y)
    }
    virtual void zoomToBox(const QRectF& box);
    virtual bool zoomsRows() const { return false; }
    /// A press in an overview that moves the view; true when taken.
    virtual bool pressOverview(const QPointF& at) {
        Q_UNUSED(at)
        return false;
    }

    double xOf(double cycles, const QRectF& area) const { return xOfValue(m_axis.fromCycles(cycles), area); }
    double xOfValue(double value, const QRectF& area) const {
        return area.left() + (value - m_x.begin) / m_x.length() * area.width();
    }
    double cyclesAt(double x, const QRectF& area) const { return m_axis.toCycles(valueAt(x, area)); }
    double valueAt(double x, const QRectF& area) const {
        return m_x.begin + (x - area.left()) / area.width() * m_x.length();
    }
    void setAxis(const AxisMap& axis, double beginCycle, double endCycle);
    void drawAxis(QPainter& painter, const QRectF& area, double top, double height) const;
    void drawMeasure(QPainter& painter, const QRectF& area) const;
    void drawBox(QPainter& painter) const;
    void animateTo(double begin, double end);
    void moved();

    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;

    Selection* m_selection;
    ViewRange m_x;
    AxisMap m_axis;

private:
    enum class Drag : std::uint8_t { None, Pan, Measure, Box, Overview };
    void zoomAround(double factor);
    void dragTo(const QPointF& at);
    void mark();
    void follow(int layer);
    void followInference();

    Drag m_drag = Drag::None;
    QPointF m_pressed;
    QPointF m_last;
    bool m_dragged = false;
    bool m_picking = false;       ///< the selection changes by a click in this view
    std::optional<double> m_mark; ///< cycles; set by the first M, used by the second
    std::optional<QPointF> m_cursor;
    int m_inference = -1; ///< the one that was chosen last
    QVariantAnimation m_animation;
    ViewRange m_from;
    ViewRange m_to;
};

} // namespace simprof::gui
