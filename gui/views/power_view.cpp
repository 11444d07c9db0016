// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/views/power_view.h"

#include "gui/text.h"
#include "gui/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace simprof::gui {

namespace {

constexpr double kGutter = 86;
constexpr double kStrip = 14;
constexpr double kAxis = 22;

} // namespace

PowerView::PowerView(const QString& name, Selection* selection, QWidget* parent)
    : TimeView(name, selection, parent) {
    setMinimumSize(320, 150);
}

void PowerView::setDocument(DocumentPtr document) {
    m_document = std::move(document);
    m_power = SpanLane();
    m_inferences = SpanLane();
    m_mostMicrowatts = 0;
    if (!m_document) {
        return;
    }
    for (const Lane& lane : m_document->lanes) {
        if (lane.kind == LaneKind::Power) {
            m_power = lane.spans;
        } else if (lane.kind == LaneKind::Inference) {
            m_inferences = lane.spans;
        }
    }
    for (const PowerSpan& span : m_document->profile.power) {
        m_mostMicrowatts = std::max(m_mostMicrowatts, span.microwatts.value_or(0));
    }
    setAxis(AxisMap(m_document->profile, TimeUnit::Time, 0), 0,
            static_cast<double>(std::max<Cycles>(1, m_document->profile.totals.cycles)));
}

void PowerView::drawScale(QPainter& painter, const QRectF& area, double full) const {
    // Round steps, at most one to three lines of text.
    const QFontMetrics metrics(painter.font());
    const double most = std::max(1.0, area.height() / (3.0 * metrics.height()));
    double step = std::pow(10.0, std::floor(std::log10(full / most)));
    for (const double factor : {2.0, 2.5, 2.0, 2.0}) { // 1, 2, 5, 10
        step *= full / step > most ? factor : 1;
    }
    const Theme& theme = Theme::of(this);
    for (double microwatts = 0; microwatts <= full; microwatts += step) {
        const double at = area.bottom() - microwatts / full * area.height();
        painter.setPen(theme.grid);
        painter.drawLine(QPointF(area.left() - 4, at), QPointF(area.left(), at));
        painter.setPen(theme.muted);
        painter.drawText(QRectF(2, std::min(at - metrics.height() / 2.0, area.bottom() - metrics.height()), kGutter - 8,
                                metrics.height()),
                         Qt::AlignRight | Qt::AlignVCenter,
                         microwatts > 0 ? powerText(microwatts) : QStringLiteral("0 W"));
    }
}

std::optional<std::pair<Cycles, Cycles>> PowerView::placeOfInference(int inference) {
    return m_document ? m_document->inferenceAt(inference) : std::nullopt;
}

std::optional<std::pair<Cycles, Cycles>> PowerView::placeOf(int layer) {
    return m_document && layer >= 0 ? runOf(m_document->profile, layer, m_selection->counting().inference)
                                    : std::nullopt;
}

QRectF PowerView::plot(const QSizeF& size) const {
    return {kGutter, 8 + kStrip + 4, std::max(20.0, size.width() - kGutter - 12),
            std::max(20.0, size.height() - 12 - kStrip - kAxis - 4)};
}

void PowerView::draw(QPainter& painter, const QSizeF& size) {
    const Theme& theme = Theme::of(this);
    painter.fillRect(QRectF(QPointF(0, 0), size), theme.surface);
    if (!m_document || m_power.spans().empty() || m_mostMicrowatts <= 0) {
        painter.setPen(theme.muted);
        painter.drawText(QRectF(QPointF(20, 20), size - QSizeF(40, 40)), Qt::AlignCenter | Qt::TextWordWrap,
                         QStringLiteral("No power is known: the board has no supply table."));
        return;
    }
    const QRectF area = plot(size);
    const QFontMetrics metrics(painter.font());
    drawAxis(painter, area, area.bottom(), kAxis);
    const double begin = cyclesAt(area.left(), area);
    const double end = cyclesAt(area.right(), area);
    const double perPixel = (end - begin) / area.width();
    painter.save();
    painter.setClipRect(QRectF(area.left(), 0, area.width(), size.height()));
    m_inferences.visible(begin, end, perPixel, m_drawn);
    for (const DrawnSpan& span : m_drawn) {
        const double left = xOf(span.begin, area);
        painter.fillRect(QRectF(left, 8, std::max(1.0, xOf(span.end, area) - left - 1), kStrip),
                         mixed(theme.surface, theme.accent, span.key % 2 == 0 ? 0.45 : 0.3));
    }
    const double full = m_mostMicrowatts * (1.1 + m_document->profile.totals.energyBandPercent / 100);
    const auto y = [&](double microwatts) { return area.bottom() - microwatts / full * area.height(); };
    const double band = m_document->profile.totals.energyBandPercent / 100;
    QColor fill = theme.series[1];
    fill.setAlpha(theme.dark ? 120 : 140);
    QColor bandFill = theme.series[1];
    bandFill.setAlpha(60);
    m_power.visible(begin, end, perPixel, m_drawn);
    for (const DrawnSpan& span : m_drawn) {
        const auto known = m_document->profile.power[static_cast<std::size_t>(span.key)].microwatts;
        const double left = xOf(span.begin, area);
        const double width = std::max(1.0, xOf(span.end, area) - left);
        if (!known) { // anything up to the full height
            painter.fillRect(QRectF(left, area.top(), width, area.height()), QBrush(bandFill, Qt::BDiagPattern));
            continue;
        }
        const double microwatts = *known;
        painter.fillRect(QRectF(left, y(microwatts), width, area.bottom() - y(microwatts)), fill);
        painter.fillRect(
            QRectF(left, y(microwatts * (1 + band)), width, y(microwatts * (1 - band)) - y(microwatts * (1 + band))),
            bandFill);
        painter.fillRect(QRectF(left, y(microwatts) - 0.75, width, 1.5), theme.series[1]);
    }
    const double mean = m_document->profile.totals.timeUs > 0
                            ? m_document->profile.totals.energyUj / m_document->profile.totals.timeUs * 1e6
                            : 0;
    painter.setPen(QPen(theme.text, 1, Qt::DashLine));
    painter.drawLine(QPointF(area.left(), y(mean)), QPointF(area.right(), y(mean)));
    painter.restore();
    painter.setPen(theme.muted);
    painter.drawText(QRectF(2, 8, kGutter - 8, kStrip), Qt::AlignRight | Qt::AlignVCenter,
                     QStringLiteral("Inferences"));
    const double meanY = y(mean);
    drawScale(painter, area, full);
    painter.setPen(theme.text);
    const QString text = QStringLiteral("mean %1").arg(powerText(mean));
    QColor plate = theme.surface;
    plate.setAlpha(200);
    const double width = metrics.horizontalAdvance(text) + 8;
    const QRectF label(area.right() - width - 6, meanY + 3, width, metrics.height() + 2);
    painter.fillRect(label, plate);
    painter.drawText(label, Qt::AlignCenter, text);
    drawMeasure(painter, area);
    drawBox(painter);
}

QString PowerView::tipAt(const QPointF& at) const {
    const QRectF area = plot(size());
    if (!m_document || !area.contains(at)) {
        return {};
    }
    const int span = m_power.at(cyclesAt(at.x(), area));
    if (span < 0) {
        return {};
    }
    const LaneSpan& shown = m_power.spans()[static_cast<std::size_t>(span)];
    const PowerSpan& power = m_document->profile.power[static_cast<std::size_t>(shown.key)];
    const double microseconds = m_document->microseconds(power.startCycle, power.startCycle + power.cycles);
    return QStringLiteral("<b>%1</b> %2<br>for %3, %4")
        .arg(qt(nameOf(power.state)), powerText(power.microwatts), timeText(microseconds),
             power.microwatts ? energyText(*power.microwatts * microseconds / 1e6) : QStringLiteral("unknown energy"));
}

void PowerView::activate(const QPointF& at) {
    const QRectF area = plot(size());
    const int span = m_inferences.at(cyclesAt(at.x(), area));
    if (span < 0) {
        fit();
        return;
    }
    const LaneSpan& inference = m_inferences.spans()[static_cast<std::size_t>(span)];
    showCycles(static_cast<double>(inference.start), static_cast<double>(inference.start + inference.cycles));
}

} // namespace simprof::gui
