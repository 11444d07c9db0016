// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/views/timeline_view.h"

#include "gui/text.h"
#include "gui/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace simprof::gui {

namespace {

constexpr double kGutter = 86;
constexpr double kOverview = 34;
constexpr double kAxis = 22;
constexpr double kGap = 8; ///< above a lane with a title

} // namespace

TimelineView::TimelineView(const QString& name, Selection* selection, QWidget* parent)
    : TimeView(name, selection, parent) {
    setMinimumSize(300, 120);
}

void TimelineView::setDocument(DocumentPtr document) {
    m_document = std::move(document);
    m_scroll = 0;
    m_look.setDocument(m_document);
    setUnit(m_unit);
}

void TimelineView::setUnit(TimeUnit unit) {
    m_unit = unit;
    if (m_document) {
        setAxis(AxisMap(m_document->profile, unit, 0), 0,
                static_cast<double>(std::max<Cycles>(1, m_document->profile.totals.cycles)));
    }
}

void TimelineView::setSearch(const QString& text) {
    m_look.setSearch(text);
    update();
}

bool TimelineView::showNext(bool forward) {
    if (!m_document) {
        return false;
    }
    const double centre = m_axis.toCycles((m_x.begin + m_x.end) / 2);
    const LaneSpan* best = nullptr;
    for (const Lane& lane : m_document->lanes) {
        for (const LaneSpan& span : lane.spans.spans()) {
            const double middle = static_cast<double>(span.start) + static_cast<double>(span.cycles) / 2;
            const bool onSide = forward ? middle > centre + 1 : middle < centre - 1;
            const bool wanted = m_look.isSearching() ? m_look.matches(lane, span.key) : isSelected(lane, span.key);
            if (onSide && wanted &&
                (best == nullptr || (forward ? span.start < best->start : span.start > best->start))) {
                best = &span;
            }
        }
    }
    if (best != nullptr) {
        const double begin = static_cast<double>(best->start);
        showCycles(begin - static_cast<double>(best->cycles), begin + 2 * static_cast<double>(best->cycles));
    }
    return best != nullptr;
}

double TimelineView::laneHeight(const Lane& lane) const {
    const double text = fontMetrics().height();
    switch (lane.kind) {
    case LaneKind::Layer: return text + 10;
    case LaneKind::Power: return 2.6 * text;
    case LaneKind::Interrupt: return text + 2;
    default: return text + 5;
    }
}

double TimelineView::lanesHeight() const {
    double height = 4;
    if (m_document) {
        for (const Lane& lane : m_document->lanes) {
            height += laneHeight(lane) + (lane.title.isEmpty() ? 1 : kGap);
        }
    }
    return height;
}

QRectF TimelineView::overview(const QSizeF& size) const {
    return {kGutter, 6, std::max(20.0, size.width() - kGutter - 12), kOverview};
}

QRectF TimelineView::plot(const QSizeF& size) const {
    const double top = 6 + kOverview + kAxis;
    return {kGutter, top, std::max(20.0, size.width() - kGutter - 12), std::max(20.0, size.height() - top - 4)};
}

bool TimelineView::isSelected(const Lane& lane, std::int32_t key) const {
    return (lane.kind == LaneKind::Layer && key == m_selection->layer()) ||
           (lane.kind == LaneKind::Function && key == m_selection->function());
}

void TimelineView::draw(QPainter& painter, const QSizeF& size) {
    const Theme& theme = Theme::of(this);
    painter.fillRect(QRectF(QPointF(0, 0), size), theme.surface);
    if (!m_document) {
        return;
    }
    const QRectF area = plot(size);
    drawAxis(painter, area, area.top() - kAxis, kAxis);
    drawOverview(painter, overview(size));
    double y = area.top() + 2 - m_scroll;
    for (const Lane& lane : m_document->lanes) {
        y += lane.title.isEmpty() ? 1 : kGap;
        const QRectF row(area.left(), y, area.width(), laneHeight(lane));
        y += row.height();
        if (row.bottom() < area.top() || row.top() > area.bottom()) {
            continue;
        }
        painter.save();
        painter.setClipRect(QRectF(0, area.top(), area.right(), area.height()));
        if (!lane.title.isEmpty()) {
            painter.setPen(theme.muted);
            painter.drawText(QRectF(4, row.top(), kGutter - 12, row.height()), Qt::AlignRight | Qt::AlignVCenter,
                             lane.title);
        }
        painter.setClipRect(area);
        drawLeftOut(painter, lane, row, area);
        lane.kind == LaneKind::Power ? drawPower(painter, lane, row, area) : drawLane(painter, lane, row, area);
        painter.restore();
    }
    drawHidden(painter, area);
    drawMeasure(painter, area);
    drawBox(painter);
}

QStringList TimelineView::lanesBelow() const {
    QStringList titles;
    if (!m_document) {
        return titles;
    }
    const double bottom = plot(size()).height() + m_scroll - 1;
    double y = 0;
    for (const Lane& lane : m_document->lanes) {
        y += (lane.title.isEmpty() ? 1 : kGap) + laneHeight(lane);
        const QString title = lane.title.isEmpty() ? QStringLiteral("deeper functions") : lane.title;
        if (y > bottom && !titles.contains(title)) {
            titles.append(title);
        }
    }
    return titles;
}

void TimelineView::drawOverview(QPainter& painter, const QRectF& area) {
    const Theme& theme = Theme::of(this);
    painter.fillRect(area, theme.raised);
    const auto whole = m_x.high - m_x.low;
    for (const Lane& lane : m_document->lanes) {
        const bool inferences = lane.kind == LaneKind::Inference;
        if (!inferences && lane.kind != LaneKind::Layer &&
            !(lane.kind == LaneKind::Function && lane.depth == 2 && m_document->profile.layers.empty())) {
            continue;
        }
        const double end = m_axis.toCycles(m_x.high);
        lane.spans.visible(0, end, end / area.width(), m_drawn);
        const QRectF row(area.left(), inferences ? area.top() + 2 : area.top() + 12, area.width(),
                         inferences ? 8 : area.height() - 14);
        for (const DrawnSpan& span : m_drawn) {
            const double left = area.left() + (m_axis.fromCycles(span.begin) - m_x.low) / whole * area.width();
            const double right = area.left() + (m_axis.fromCycles(span.end) - m_x.low) / whole * area.width();
            painter.fillRect(QRectF(left, row.top(), std::max(0.5, std::min(right, area.right()) - left), row.height()),
                             m_look.colour(theme, lane, span.key));
        }
    }
    const double left = area.left() + (m_x.begin - m_x.low) / whole * area.width();
    const double right = area.left() + (m_x.end - m_x.low) / whole * area.width();
    QColor shade = theme.window;
    shade.setAlpha(160);
    painter.fillRect(QRectF(area.left(), area.top(), left - area.left(), area.height()), shade);
    painter.fillRect(QRectF(right, area.top(), area.right() - right, area.height()), shade);
    painter.save();
    painter.setPen(QPen(theme.accent, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(
        QRectF(left, area.top(), std::max(3.0, right - left), area.height()).adjusted(0.5, 0.5, -0.5, -0.5));
    painter.setPen(theme.muted);
    painter.drawText(QRectF(4, area.top(), kGutter - 12, area.height()), Qt::AlignRight | Qt::AlignVCenter,
                     QStringLiteral("Overview"));
    painter.restore();
}

bool TimelineView::pressOverview(const QPointF& at) {
    const QRectF area = overview(size());
    if (at.y() < area.top() || at.y() > area.bottom()) {
        return false;
    }
    const double value = m_x.low + (at.x() - area.left()) / area.width() * (m_x.high - m_x.low);
    const double length = m_x.length();
    m_x.show(value - length / 2, value + length / 2);
    moved();
    return true;
}

TimelineView::Hit TimelineView::hitAt(const QPointF& at) const {
    const QRectF area = plot(size());
    if (!m_document || !area.contains(at)) {
        return {};
    }
    double y = area.top() + 2 - m_scroll;
    for (const Lane& lane : m_document->lanes) {
        y += lane.title.isEmpty() ? 1 : kGap;
        const double height = laneHeight(lane);
        if (at.y() >= y && at.y() < y + height) {
            const double cycle = cyclesAt(at.x(), area);
            return {&lane, lane.spans.at(cycle), lane.leftOut.at(cycle)};
        }
        y += height;
    }
    return {};
}

QString TimelineView::leftOutTip(const LaneSpan& gap) const {
    const FunctionInfo* caller = m_document->function(gap.key);
    const LeftOut::Callees& callees = m_document->leftOut.below(gap.key);
    return QStringLiteral(
               "<b>not drawn: what %1 calls</b><br>in the whole run %2 calls too short to be kept, %3 cycles "
               "together<br>here at most %4 cycles of them")
        .arg(caller == nullptr ? QString() : functionText(*caller).toHtmlEscaped(), count(callees.calls),
             count(callees.cycles), count(gap.cycles));
}

QString TimelineView::tipAt(const QPointF& at) const {
    const Hit hit = hitAt(at);
    if (hit.span < 0) {
        return hit.gap < 0 ? QString() : leftOutTip(hit.lane->leftOut.spans()[static_cast<std::size_t>(hit.gap)]);
    }
    const LaneSpan& span = hit.lane->spans.spans()[static_cast<std::size_t>(hit.span)];
    QString tip = QStringLiteral("<b>%1</b><br>%2, %3 cycles<br>from %4")
                      .arg(laneName(m_document->profile, hit.lane->kind, span.key).toHtmlEscaped(),
                           timeText(m_document->microseconds(span.start, span.start + span.cycles)), count(span.cycles),
                           m_axis.text(m_axis.fromCycles(static_cast<double>(span.start))));
    if (hit.lane->kind == LaneKind::Layer) {
        if (const LayerInfo* layer = m_document->layer(span.key)) {
            tip += QStringLiteral("<br>%1 %2").arg(qt(layer->name).toHtmlEscaped(), qt(shapeText(layer->shape)));
        }
    } else if (hit.lane->kind == LaneKind::Power || hit.lane->kind == LaneKind::Sleep) {
        tip += QStringLiteral("<br>%1").arg(
            powerText(m_document->profile.power[static_cast<std::size_t>(span.key)].microwatts));
    }
    return tip;
}

std::optional<std::pair<Cycles, Cycles>> TimelineView::placeOfInference(int inference) {
    return m_document ? m_document->inferenceAt(inference) : std::nullopt;
}

std::optional<std::pair<Cycles, Cycles>> TimelineView::placeOf(int layer) {
    const auto place =
        m_document && layer >= 0 ? runOf(m_document->profile, layer, m_selection->counting().inference) : std::nullopt;
    if (place) {
        m_scroll = 0; // the lane of layers is at the top
    }
    return place;
}

void TimelineView::pick(const QPointF& at) {
    const Hit hit = hitAt(at);
    if (hit.span < 0) {
        m_selection->setLayer(-1);
        m_selection->setFunction(-1);
        return;
    }
    const std::int32_t key = hit.lane->spans.spans()[static_cast<std::size_t>(hit.span)].key;
    if (hit.lane->kind == LaneKind::Layer) {
        m_selection->setLayer(key);
    } else if (hit.lane->kind == LaneKind::Function) {
        m_selection->setFunction(key);
    }
}

void TimelineView::activate(const QPointF& at) {
    const Hit hit = hitAt(at);
    if (hit.span < 0) {
        fit();
        return;
    }
    const LaneSpan& span = hit.lane->spans.spans()[static_cast<std::size_t>(hit.span)];
    showCycles(static_cast<double>(span.start), static_cast<double>(span.start + std::max<Cycles>(1, span.cycles)));
}

void TimelineView::panRows(double pixels) {
    m_scroll = std::clamp(m_scroll - pixels, 0.0, std::max(0.0, lanesHeight() - plot(size()).height()));
}

void TimelineView::resizeEvent(QResizeEvent* event) {
    TimeView::resizeEvent(event);
    panRows(0);
}

} // namespace simprof::gui
