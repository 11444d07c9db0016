// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/views/time_view.h"

#include "gui/text.h"
#include "gui/theme.h"

#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QTextDocumentFragment>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace simprof::gui {

namespace {

constexpr int kZoomMilliseconds = 160;
constexpr double kClickSlop = 4; ///< pixels a click may wander

CycleRange between(double a, double b) {
    return {static_cast<Cycles>(std::max(0.0, std::min(a, b))), static_cast<Cycles>(std::max(0.0, std::max(a, b)))};
}

} // namespace

void ViewRange::zoom(double factor, double at) {
    const double most = high - low;
    const double length = std::clamp((end - begin) * factor, std::min(smallest, most), most);
    const double share = end > begin ? std::clamp((at - begin) / (end - begin), 0.0, 1.0) : 0.5;
    show(at - share * length, at - share * length + length);
}

void ViewRange::pan(double by) { show(begin + by, end + by); }

void ViewRange::show(double from, double to) {
    const double length = std::clamp(to - from, std::min(smallest, high - low), high - low);
    begin = std::clamp(from, low, std::max(low, high - length));
    end = begin + length;
}

TimeView::TimeView(const QString& name, Selection* selection, QWidget* parent)
    : PaintedView(name, parent)
    , m_selection(selection) {
    setMouseTracking(true);
    connect(selection, &Selection::rangeChanged, this, qOverload<>(&QWidget::update));
    connect(selection, &Selection::layerChanged, this, qOverload<>(&QWidget::update));
    connect(selection, &Selection::functionChanged, this, qOverload<>(&QWidget::update));
    connect(selection, &Selection::layerChanged, this, &TimeView::follow);
    connect(selection, &Selection::countingChanged, this, &TimeView::followInference);
    m_animation.setDuration(kZoomMilliseconds);
    m_animation.setStartValue(0.0);
    m_animation.setEndValue(1.0);
    m_animation.setEasingCurve(QEasingCurve::OutCubic);
    connect(&m_animation, &QVariantAnimation::valueChanged, this, [this](const QVariant& value) {
        const double share = value.toDouble();
        m_x.begin = m_from.begin + (m_to.begin - m_from.begin) * share;
        m_x.end = m_from.end + (m_to.end - m_from.end) * share;
        moved();
    });
}

void TimeView::setAxis(const AxisMap& axis, double beginCycle, double endCycle) {
    m_animation.stop();
    m_axis = axis;
    m_x.low = axis.fromCycles(beginCycle);
    m_x.high = std::max(m_x.low + 1e-6, axis.fromCycles(endCycle));
    m_x.smallest = axis.unit() == TimeUnit::LayerSteps
                       ? 0.01
                       : std::max((m_x.high - m_x.low) * 1e-9, axis.fromCycles(beginCycle + 16) - m_x.low);
    m_x.fit();
    moved();
}

void TimeView::moved() {
    update();
    Q_EMIT rangeChanged();
}

void TimeView::fit() { animateTo(m_x.low, m_x.high); }

void TimeView::showCycles(double begin, double end) {
    // Outside the view there may be another clock, and no place to show.
    const double from = std::max(m_x.low, m_axis.fromCycles(begin));
    const double to = std::min(m_x.high, m_axis.fromCycles(end));
    const double margin = (to - from) * 0.08;
    animateTo(from - margin, to + margin);
}

void TimeView::follow(int layer) {
    if (const auto place = m_picking ? std::nullopt : placeOf(layer)) {
        const auto [begin, end] = std::pair(static_cast<double>(place->first), static_cast<double>(place->second));
        const double around = (end - begin) / 2; // what came before and after belongs to the picture
        showCycles(begin - around, end + around);
    }
}

void TimeView::followInference() {
    const int wanted = m_selection->counting().inference;
    if (std::exchange(m_inference, wanted) == wanted) {
        return;
    }
    if (const auto place = placeOfInference(wanted)) {
        showCycles(static_cast<double>(place->first), static_cast<double>(place->second));
    } else if (placeOfInference(0)) {
        fit();
    }
}

void TimeView::showLike(const TimeView& other) {
    const double whole = other.m_x.high - other.m_x.low;
    const double mine = m_x.high - m_x.low;
    const double begin = m_x.low + (other.m_x.begin - other.m_x.low) / whole * mine;
    const double end = m_x.low + (other.m_x.end - other.m_x.low) / whole * mine;
    // A difference below a pixel is none: the two views would answer each other for ever.
    if (std::abs(begin - m_x.begin) + std::abs(end - m_x.end) > 1e-6 * m_x.length()) {
        m_animation.stop();
        m_x.show(begin, end);
        moved();
    }
}

QString TimeView::textAt(const QPointF& at) const { return QTextDocumentFragment::fromHtml(tipAt(at)).toPlainText(); }

void TimeView::panBy(double share) {
    m_animation.stop();
    m_x.pan(share * m_x.length());
    moved();
}

void TimeView::animateTo(double begin, double end) {
    m_animation.stop();
    m_from = m_x;
    m_to = m_x;
    m_to.show(begin, end);
    if (!isVisible() || QGuiApplication::platformName() == QLatin1String("offscreen")) {
        m_x = m_to;
        moved();
        return;
    }
    m_animation.start();
}

void TimeView::zoomAround(double factor) {
    const QRectF area = plot(size());
    const bool onPlot = m_cursor && area.contains(*m_cursor);
    m_animation.stop();
    m_x.zoom(factor, onPlot ? valueAt(m_cursor->x(), area) : (m_x.begin + m_x.end) / 2);
    moved();
}

void TimeView::zoomToBox(const QRectF& box) {
    const QRectF area = plot(size());
    animateTo(valueAt(box.left(), area), valueAt(box.right(), area));
}

void TimeView::mark() {
    const QRectF area = plot(size());
    const double x = m_cursor && area.contains(*m_cursor) ? m_cursor->x() : area.center().x();
    const double cycle = std::max(0.0, cyclesAt(x, area));
    if (!m_mark) {
        m_mark = cycle;
        m_selection->setRange(between(cycle, cycle + 1));
        return;
    }
    m_selection->setRange(between(*m_mark, cycle));
    m_mark.reset();
}

void TimeView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton) {
        event->ignore();
        return;
    }
    m_animation.stop();
    m_pressed = m_last = event->position();
    m_dragged = false;
    if (pressOverview(event->position())) {
        m_drag = Drag::Overview;
    } else if (event->modifiers() & Qt::ShiftModifier) {
        m_drag = Drag::Measure;
    } else if (event->modifiers() & Qt::ControlModifier) {
        m_drag = Drag::Box;
    } else {
        m_drag = Drag::Pan;
    }
}

void TimeView::dragTo(const QPointF& at) {
    const QRectF area = plot(size());
    const QPointF by = at - m_last;
    m_last = at;
    switch (m_drag) {
    case Drag::Pan:
        setCursor(Qt::ClosedHandCursor);
        m_x.pan(-by.x() / area.width() * m_x.length());
        panRows(by.y());
        moved();
        break;
    case Drag::Measure:
        m_selection->setRange(between(cyclesAt(std::clamp(m_pressed.x(), area.left(), area.right()), area),
                                      cyclesAt(std::clamp(at.x(), area.left(), area.right()), area)));
        break;
    case Drag::Overview: pressOverview(at); break;
    case Drag::Box: update(); break;
    case Drag::None: break;
    }
}

void TimeView::mouseMoveEvent(QMouseEvent* event) {
    m_cursor = event->position();
    if (m_drag != Drag::None) {
        m_dragged = m_dragged || (event->position() - m_pressed).manhattanLength() > kClickSlop;
        if (m_dragged) {
            dragTo(event->position());
        }
        return;
    }
    const QRectF area = plot(size());
    const QString tip = tipAt(event->position());
    Q_EMIT hovered(area.contains(event->position()) ? m_axis.text(valueAt(event->position().x(), area)) : QString());
    if (tip.isEmpty()) {
        QToolTip::hideText();
    } else {
        QToolTip::showText(event->globalPosition().toPoint() + QPoint(12, 12), tip, this);
    }
    update();
}

void TimeView::mouseReleaseEvent(QMouseEvent* event) {
    const Drag drag = std::exchange(m_drag, Drag::None);
    unsetCursor();
    if (drag == Drag::Box && m_dragged) {
        zoomToBox(QRectF(m_pressed, event->position()).normalized().intersected(plot(size())));
    } else if (drag != Drag::None && drag != Drag::Overview && !m_dragged) {
        m_picking = true;
        pick(event->position());
        m_picking = false;
    }
    update();
}

void TimeView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) {
        activate(event->position());
    }
}

void TimeView::wheelEvent(QWheelEvent* event) {
    const QRectF area = plot(size());
    const double steps = event->angleDelta().y() / 120.0;
    const double sideways = event->angleDelta().x() / 120.0;
    const double factor = std::pow(0.8, steps);
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    const bool control = event->modifiers() & Qt::ControlModifier;
    m_animation.stop();
    if (zoomsRows() && (shift || control)) {
        zoomRows(factor, event->position().y());
    } else if (shift) {
        m_x.pan(-steps * 0.1 * m_x.length());
    } else if (control) {
        panRows(steps * 40);
    }
    if (!shift && (zoomsRows() || !control)) {
        m_x.zoom(factor, valueAt(event->position().x(), area));
    }
    m_x.pan(-sideways * 0.1 * m_x.length());
    moved();
    event->accept();
}

void TimeView::keyPressEvent(QKeyEvent* event) {
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_W: zoomIn(); break;
    case Qt::Key_Minus:
    case Qt::Key_S: zoomOut(); break;
    case Qt::Key_Left:
    case Qt::Key_A: panBy(shift ? -0.5 : -0.1); break;
    case Qt::Key_Right:
    case Qt::Key_D: panBy(shift ? 0.5 : 0.1); break;
    case Qt::Key_Up:
        panRows(shift ? 120 : 30);
        moved();
        break;
    case Qt::Key_Down:
        panRows(shift ? -120 : -30);
        moved();
        break;
    case Qt::Key_Home:
    case Qt::Key_0: fit(); break;
    case Qt::Key_M: mark(); break;
    case Qt::Key_Z:
        if (m_selection->range()) {
            showCycles(static_cast<double>(m_selection->range()->begin),
                       static_cast<double>(m_selection->range()->end));
        }
        break;
    case Qt::Key_Escape:
        m_mark.reset();
        m_selection->setRange(std::nullopt);
        event->ignore();
        return;
    default: PaintedView::keyPressEvent(event); return;
    }
    event->accept();
}

void TimeView::leaveEvent(QEvent*) {
    m_cursor.reset();
    Q_EMIT hovered(QString());
    update();
}

void TimeView::drawAxis(QPainter& painter, const QRectF& area, double top, double height) const {
    const Theme& theme = Theme::of(this);
    const QFontMetrics metrics(painter.font());
    const int room = std::max(90, metrics.horizontalAdvance(QStringLiteral("000,000,000")) + 30);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const auto& [value, label] :
         m_axis.ticks(m_x.begin, m_x.end, std::max(1, static_cast<int>(area.width() / room)))) {
        const double x = std::round(xOfValue(value, area)) + 0.5;
        painter.setPen(theme.grid);
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        painter.setPen(theme.muted);
        const double width = metrics.horizontalAdvance(label);
        const double left = std::clamp(x - width / 2, area.left(), std::max(area.left(), area.right() - width));
        painter.drawText(QRectF(left, top, width + 2, height), Qt::AlignLeft | Qt::AlignVCenter, label);
    }
    painter.restore();
}

void TimeView::drawMeasure(QPainter& painter, const QRectF& area) const {
    const Theme& theme = Theme::of(this);
    painter.save();
    painter.setClipRect(area);
    if (m_cursor && area.contains(*m_cursor) && m_drag == Drag::None) {
        painter.setPen(QPen(theme.muted, 1, Qt::DotLine));
        painter.drawLine(QPointF(m_cursor->x(), area.top()), QPointF(m_cursor->x(), area.bottom()));
    }
    if (const auto& range = m_selection->range()) {
        const double left = xOf(static_cast<double>(range->begin), area);
        const double right = xOf(static_cast<double>(range->end), area);
        QColor wash = theme.accent;
        wash.setAlpha(34);
        painter.fillRect(QRectF(left, area.top(), right - left, area.height()), wash);
        painter.setPen(QPen(theme.accent, 1));
        painter.drawLine(QPointF(left, area.top()), QPointF(left, area.bottom()));
        painter.drawLine(QPointF(right, area.top()), QPointF(right, area.bottom()));
        const QString label = m_axis.lengthText(m_axis.fromCycles(static_cast<double>(range->end)) -
                                                m_axis.fromCycles(static_cast<double>(range->begin)));
        const QFontMetrics metrics(painter.font());
        const QSizeF box(metrics.horizontalAdvance(label) + 12, metrics.height() + 4);
        const double x = std::clamp((left + right - box.width()) / 2, area.left() + 2,
                                    std::max(area.left() + 2, area.right() - box.width() - 2));
        if (right > area.left() && left < area.right()) {
            painter.setBrush(theme.accent);
            painter.setPen(Qt::NoPen);
            painter.drawRoundedRect(QRectF(QPointF(x, area.top() + 4), box), 3, 3);
            painter.setPen(Theme::textOn(theme.accent));
            painter.drawText(QRectF(QPointF(x, area.top() + 4), box), Qt::AlignCenter, label);
        }
    }
    painter.restore();
}

void TimeView::drawBox(QPainter& painter) const {
    if (m_drag != Drag::Box || !m_dragged) {
        return;
    }
    const QRectF area = plot(size());
    QRectF box = QRectF(m_pressed, m_last).normalized().intersected(area);
    if (!zoomsRows()) {
        box.setTop(area.top());
        box.setBottom(area.bottom());
    }
    QColor wash = Theme::of(this).accent;
    painter.setPen(QPen(wash, 1, Qt::DashLine));
    wash.setAlpha(40);
    painter.setBrush(wash);
    painter.drawRect(box);
}

} // namespace simprof::gui
