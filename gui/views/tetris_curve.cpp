// SPDX-License-Identifier: GPL-2.0-or-later
// What stands below the blocks of the memory picture: live bytes over time, and all of it in small.
#include "gui/views/tetris_view.h"

#include "gui/text.h"
#include "gui/theme.h"

#include <QPainter>

#include <algorithm>
#include <array>

namespace simprof::gui {

void TetrisView::drawSteps(QPainter& painter, const QRectF& area, const LiveCurve& curve, double scale,
                           const QColor& colour) const {
    // The greatest of each pixel: what is drawn depends on the width, not on the number of steps.
    const LiveSteps& steps = curve.steps();
    const double pixel = 1 / devicePixelRatioF();
    const QColor edge = Theme::of(this).series[0];
    const auto firstAfter = [&](std::size_t from, double cycle) {
        return static_cast<std::size_t>(
            std::lower_bound(steps.begin() + static_cast<std::ptrdiff_t>(from), steps.end(), cycle,
                             [](const auto& step, double at) { return static_cast<double>(step.first) < at; }) -
            steps.begin());
    };
    const double end = std::min(area.right(), xOf(m_document->tetris.endCycle(), area));
    std::size_t next = firstAfter(0, cyclesAt(area.left(), area));
    double left = area.left();
    Bytes shown = 0;
    const auto flush = [&](double right) {
        const double height = static_cast<double>(shown) * scale;
        if (shown != 0) {
            painter.fillRect(QRectF(left, area.bottom() - height, right - left, height), colour);
            painter.fillRect(QRectF(left, area.bottom() - height, right - left, 1.5), edge);
        }
    };
    for (double x = area.left(); x < end; x += pixel) {
        const std::size_t inForce = next == 0 ? 0 : next - 1;
        next = firstAfter(next, cyclesAt(x + pixel, area));
        const Bytes most = curve.most(inForce, next);
        if (most != shown) {
            flush(x);
            left = x;
            shown = most;
        }
    }
    flush(end);
}

void TetrisView::drawCurve(QPainter& painter, const QRectF& area) const {
    const Theme& theme = Theme::of(this);
    const ProfileMemory& memory = m_document->profile.memory;
    const QFontMetrics metrics(painter.font());
    const LiveCurve& live = m_document->tetris.liveCurve();
    const Bytes peak = live.most(0, live.steps().size());
    painter.setPen(theme.muted);
    painter.drawText(QRectF(2, area.bottom() - metrics.height(), area.left() - 8, metrics.height()), Qt::AlignRight,
                     QStringLiteral("Live bytes"));
    painter.setPen(theme.border);
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    if (peak == 0) {
        return;
    }
    const double top = area.top() + metrics.height() + 4;
    const double scale = (area.bottom() - top) / static_cast<double>(peak);
    painter.setPen(theme.muted);
    painter.drawText(QRectF(2, top - metrics.height() / 2.0, area.left() - 8, metrics.height()),
                     Qt::AlignRight | Qt::AlignVCenter, sizeText(peak));
    painter.save();
    painter.setClipRect(area.adjusted(0, 0, 0, 1));
    const LiveCurve& bytes = m_document->tetris.byteCurve();
    QColor fill = theme.series[0];
    fill.setAlpha(theme.dark ? 110 : 120);
    if (!bytes.empty()) {
        fill.setAlpha(theme.dark ? 60 : 70);
    }
    drawSteps(painter, area, live, scale, fill);
    drawSteps(painter, area, bytes, scale, blockColour(theme, BlockKind::Activation));
    painter.setPen(QPen(theme.error, 1, Qt::DashLine));
    painter.drawLine(QPointF(area.left(), top), QPointF(area.right(), top));
    const Cycles at = memory.arena ? memory.arena->peakCycle : 0;
    const double x = xOf(static_cast<double>(at), area);
    if (x >= area.left() && x <= area.right()) {
        painter.setBrush(theme.error);
        painter.setPen(Qt::NoPen);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.drawEllipse(QPointF(x, top), 3.5, 3.5);
        QString text = QStringLiteral("peak %1 at %2")
                           .arg(bytesText(peak), m_axis.text(m_axis.fromCycles(static_cast<double>(at))));
        if (!bytes.empty() && !m_compact) {
            text += QStringLiteral("; byte by byte at most %1").arg(bytesText(m_document->tetris.bytePeak()));
        }
        const double width = metrics.horizontalAdvance(text) + 4;
        painter.setPen(theme.text);
        painter.drawText(
            QRectF(std::clamp(x - width / 2, area.left() + 2, std::max(area.left() + 2, area.right() - width)),
                   area.top(), width, metrics.height()),
            Qt::AlignCenter, text);
    }
    painter.restore();
}

void TetrisView::paintSmall(QPainter& painter, const QRectF& area) const {
    const Theme& theme = Theme::of(this);
    const auto& tensors = m_document->profile.memory.tensors;
    const double height = m_document->tetris.heightBytes();
    std::array<QColor, kBlockKinds> colours;
    for (std::size_t kind = 0; kind < kBlockKinds; ++kind) {
        colours[kind] = blockColour(theme, static_cast<BlockKind>(kind));
    }
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const BlockPlace& p = m_document->tetris.place(i, m_state);
        const auto x = [&](double cycles) {
            return area.left() +
                   std::clamp((m_axis.fromCycles(cycles) - m_x.low) / (m_x.high - m_x.low), 0.0, 1.0) * area.width();
        };
        const double top = area.bottom() - p.high / height * area.height();
        painter.fillRect(QRectF(x(p.begin), top, std::max(0.6, x(p.end) - x(p.begin)),
                                std::max(0.6, (p.high - p.low) / height * area.height())),
                         colours[static_cast<std::size_t>(m_document->tetris.kind(i))]);
    }
}

void TetrisView::drawOverview(QPainter& painter, const QRectF& area) {
    const Theme& theme = Theme::of(this);
    const QRectF inner = area.adjusted(0, 2, 0, -4);
    const double scale = devicePixelRatioF();
    const QSize pixels = (inner.size() * scale).toSize();
    if (m_small.size() != pixels || m_smallSurface != theme.surface.rgb()) {
        m_smallSurface = theme.surface.rgb();
        m_small = QImage(pixels, QImage::Format_RGB32);
        m_small.setDevicePixelRatio(scale);
        m_small.fill(theme.raised);
        QPainter small(&m_small);
        paintSmall(small, QRectF(QPointF(0, 0), inner.size()));
    }
    painter.drawImage(inner.topLeft(), m_small);
    const double whole = m_x.high - m_x.low;
    const double left = inner.left() + (m_x.begin - m_x.low) / whole * inner.width();
    const double right = inner.left() + (m_x.end - m_x.low) / whole * inner.width();
    const double top = inner.bottom() - (m_y.end - m_y.low) / (m_y.high - m_y.low) * inner.height();
    const double bottom = inner.bottom() - (m_y.begin - m_y.low) / (m_y.high - m_y.low) * inner.height();
    painter.save();
    QColor shade = theme.window;
    shade.setAlpha(150);
    painter.fillRect(QRectF(inner.left(), inner.top(), left - inner.left(), inner.height()), shade);
    painter.fillRect(QRectF(right, inner.top(), inner.right() - right, inner.height()), shade);
    painter.setPen(QPen(theme.accent, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(left, top, right - left, bottom - top).adjusted(0.5, 0.5, -0.5, -0.5));
    painter.setPen(theme.muted);
    painter.drawText(QRectF(2, inner.top(), inner.left() - 8, inner.height()), Qt::AlignRight | Qt::AlignVCenter,
                     QStringLiteral("Overview"));
    painter.restore();
}

} // namespace simprof::gui
