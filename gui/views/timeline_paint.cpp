// SPDX-License-Identifier: GPL-2.0-or-later
// How the timeline paints its lanes.
#include "gui/text.h"
#include "gui/theme.h"
#include "gui/views/timeline_view.h"

#include <QPainter>

#include <algorithm>

namespace simprof::gui {

void TimelineView::drawHidden(QPainter& painter, const QRectF& area) {
    const QStringList below = lanesBelow();
    if (below.isEmpty()) {
        return;
    }
    const Theme& theme = Theme::of(this);
    const QFontMetrics metrics(painter.font());
    const QString words = metrics.elidedText(QStringLiteral("↓ ") + below.join(QStringLiteral(", ")), Qt::ElideRight,
                                             static_cast<int>(area.width()) - 12);
    const double width = metrics.horizontalAdvance(words) + 12;
    const QRectF box(area.right() - width, area.bottom() - metrics.height() - 4, width, metrics.height() + 4);
    painter.fillRect(box, theme.surface);
    painter.setPen(theme.muted);
    painter.drawText(box, Qt::AlignCenter, words);
}

void TimelineView::drawLane(QPainter& painter, const Lane& lane, const QRectF& row, const QRectF& area) {
    const Theme& theme = Theme::of(this);
    const double begin = cyclesAt(area.left(), area);
    const double end = cyclesAt(area.right(), area);
    lane.spans.visible(begin, end, (end - begin) / area.width() / devicePixelRatioF(), m_drawn);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QFontMetrics metrics(painter.font());
    const double pixel = 1 / devicePixelRatioF();
    for (const DrawnSpan& span : m_drawn) {
        const double left = std::max(area.left() - 1, xOf(span.begin, area));
        const double right = std::min(area.right() + 1, xOf(span.end, area));
        const double width = std::max(pixel, right - left);
        QColor colour = m_look.colour(theme, lane, span.key);
        const bool marked = isSelected(lane, span.key) || m_look.matches(lane, span.key);
        if (m_look.isSearching() && !marked) {
            colour = mixed(theme.surface, colour, 0.3);
        }
        if (span.cover < 0.98F) { // partly empty: as much lower as there is less
            const double height = std::max(2.0, row.height() * static_cast<double>(span.cover));
            painter.fillRect(QRectF(left, row.bottom() - height, width, height), marked ? theme.text : colour);
            continue;
        }
        const double gap = width > 3 ? 1 : 0;
        const QRectF box(left, row.top(), width - gap, row.height());
        painter.fillRect(box, colour);
        if (marked && width > 2) {
            painter.setPen(QPen(theme.text, 2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(box.adjusted(1, 1, -1, -1));
        }
        if (width > 16) {
            const LaneLook::Label& name = m_look.label(lane, span.key, metrics);
            const QRectF inner = box.adjusted(4, 0, -2, 0);
            painter.setPen(Theme::textOn(colour));
            painter.drawText(inner, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine,
                             name.width <= inner.width()
                                 ? name.text
                                 : m_look.cutLabel(lane, span.key, name, QFontMetrics(font()), inner.width()));
        }
    }
}

void TimelineView::drawLeftOut(QPainter& painter, const Lane& lane, const QRectF& row, const QRectF& area) {
    const Theme& theme = Theme::of(this);
    const double begin = cyclesAt(area.left(), area);
    const double end = cyclesAt(area.right(), area);
    lane.leftOut.visible(begin, end, (end - begin) / area.width(), m_drawn);
    for (const DrawnSpan& gap : m_drawn) {
        const double left = std::max(area.left(), xOf(gap.begin, area));
        const double width = std::max(1.0, std::min(area.right(), xOf(gap.end, area)) - left);
        const double height = std::max(2.0, row.height() * static_cast<double>(gap.cover)); // as bars partly empty
        painter.fillRect(QRectF(left, row.bottom() - height, width, height),
                         QBrush(mixed(theme.surface, theme.muted, 0.55), Qt::BDiagPattern));
    }
}

void TimelineView::drawPower(QPainter& painter, const Lane& lane, const QRectF& row, const QRectF& area) {
    const Theme& theme = Theme::of(this);
    const auto& power = m_document->profile.power;
    double most = 0;
    for (const PowerSpan& span : power) {
        most = std::max(most, span.microwatts.value_or(0));
    }
    painter.setPen(theme.border);
    painter.drawLine(row.bottomLeft(), row.bottomRight());
    if (most <= 0) {
        return;
    }
    const double begin = cyclesAt(area.left(), area);
    const double end = cyclesAt(area.right(), area);
    lane.spans.visible(begin, end, (end - begin) / area.width(), m_drawn);
    const QFontMetrics metrics(painter.font());
    QColor fill = theme.series[1];
    fill.setAlpha(theme.dark ? 130 : 150);
    for (const DrawnSpan& span : m_drawn) {
        const PowerSpan& shown = power[static_cast<std::size_t>(span.key)];
        const double left = std::max(area.left(), xOf(span.begin, area));
        const double width = std::max(1.0, std::min(area.right(), xOf(span.end, area)) - left);
        const double height = std::max(1.0, shown.microwatts.value_or(0) / most * row.height());
        painter.fillRect(QRectF(left, row.bottom() - height, width, height), fill);
        painter.fillRect(QRectF(left, row.bottom() - height, width, 1.5), theme.series[1]);
        const QString text = qt(nameOf(shown.state)) + QLatin1Char(' ') + powerText(shown.microwatts);
        if (width > metrics.horizontalAdvance(text) + 10 && height > metrics.height()) {
            painter.setPen(theme.text);
            painter.drawText(QRectF(left + 5, row.bottom() - height, width - 10, height),
                             Qt::AlignLeft | Qt::AlignVCenter, text);
        }
    }
}

} // namespace simprof::gui
