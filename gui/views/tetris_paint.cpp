// SPDX-License-Identifier: GPL-2.0-or-later
// How the memory picture is painted, part by part.
#include "gui/views/tetris_view.h"

#include "gui/text.h"
#include "gui/theme.h"

#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace simprof::gui {

namespace {

constexpr int kMostLabels = 400;   ///< the largest blocks have them; nobody reads more at once
constexpr int kFewestLetters = 9;  ///< of a name that is cut
constexpr double kPartsFrom = 40;  ///< pixels of height from which a block shows how its bytes live
constexpr double kPartsWidth = 12; ///< and of width

} // namespace

QColor blockColour(const Theme& theme, BlockKind kind) {
    const QColor base = kind == BlockKind::Scratch       ? theme.series[1]
                        : kind == BlockKind::InputOutput ? theme.series[2]
                        : kind == BlockKind::Persistent  ? theme.neutral
                                                         : theme.series[0];
    return theme.dark ? mixed(base, QColor(Qt::black), 0.06) : base;
}

void TetrisView::drawEmpty(QPainter& painter, const QSizeF& size) const {
    painter.setPen(Theme::of(this).muted);
    painter.drawText(
        QRectF(QPointF(20, 20), size - QSizeF(40, 40)), Qt::AlignCenter | Qt::TextWordWrap,
        m_document ? QStringLiteral(
                         "No buffers of a network were recognised in this run: there is nothing to place over time.")
                   : QStringLiteral("No profile is open."));
}

void TetrisView::drawStrip(QPainter& painter, const QRectF& area) const {
    const Profile& profile = m_document->profile;
    if (profile.memory.inference >= profile.inferences.size()) {
        return;
    }
    const Theme& theme = Theme::of(this);
    painter.save();
    painter.setClipRect(area);
    painter.setFont(scaledFont(font(), 0.86));
    const QFontMetrics metrics(painter.font());
    for (const Span& span : profile.inferences[profile.memory.inference].spans) {
        const double left = xOf(static_cast<double>(span.startCycle), area);
        const double right = xOf(static_cast<double>(span.startCycle + span.cycles), area);
        if (right < area.left() || left > area.right() || right - left < 0.3) {
            continue;
        }
        const LayerInfo* layer = m_document->layer(span.layer);
        const QColor colour = theme.ofOperator(layer != nullptr ? layer->op : std::string());
        const QRectF box(left, area.top(), std::max(1.0, right - left - 0.5), area.height());
        painter.fillRect(box, colour);
        if (span.layer == m_selection->layer()) {
            painter.setPen(QPen(theme.text, 2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(box.adjusted(1, 1, -1, -1));
        }
        const QRectF shown = box.intersected(area);
        if (shown.width() > 14) {
            painter.setPen(Theme::textOn(colour));
            const QString name =
                layer == nullptr ? QString() : QStringLiteral("%1 %2").arg(span.layer).arg(qt(layer->op));
            const QString text =
                shown.width() > 60 ? fitted(metrics, name, shown.width() - 6) : QString::number(span.layer);
            if (metrics.horizontalAdvance(text) <= shown.width()) {
                painter.drawText(shown, Qt::AlignCenter, text);
            }
        }
    }
    painter.restore();
}

void TetrisView::drawBands(QPainter& painter, const QRectF& area) const {
    const Theme& theme = Theme::of(this);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QFontMetrics metrics(painter.font());
    double lastText = 1e9; // bands go upwards
    for (const MemoryBand& band : m_document->tetris.bands()) {
        const double top = std::max(area.top(), yOf(band.offset + static_cast<double>(band.sizeBytes), area));
        const double bottom = std::min(area.bottom(), yOf(band.offset, area));
        if (bottom <= top) {
            continue;
        }
        painter.setPen(theme.border);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(area.left(), top, area.width(), bottom - top));
        // Addresses at round steps of the band, the name between them where there is room.
        const double perByte = area.height() / m_y.length();
        double step = 16;
        while (step * perByte < metrics.height() * 2.2) {
            step *= 2;
        }
        const double base = band.base;
        const double first = base + std::max(0.0, std::ceil(offsetAt(bottom, area) - band.offset - 1e-6));
        const double last = base + offsetAt(top, area) - band.offset;
        for (double address = std::ceil(first / step) * step; address <= last; address += step) {
            const double at = address - base;
            const double y = std::round(yOf(band.offset + at, area)) + 0.5;
            painter.setPen(theme.grid);
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
            painter.setPen(theme.muted);
            const double textY =
                std::clamp(y - metrics.height() / 2.0, area.top() - 2, area.bottom() - metrics.height() + 2);
            if (y <= bottom + 1 && lastText - textY >= metrics.height()) {
                lastText = textY;
                painter.drawText(QRectF(2, textY, area.left() - 8, metrics.height()), Qt::AlignRight | Qt::AlignVCenter,
                                 addressText(static_cast<Address>(address)));
            }
        }
    }
    painter.restore();
}

bool TetrisView::drawBlockText(QPainter& painter, const QRectF& rect, const std::optional<QColor>& background,
                               const TensorLife& tensor) const {
    const QFontMetrics metrics(painter.font());
    const double width = rect.width() - 8;
    // Over the lives of its parts the text takes half of the block at most.
    const auto room = static_cast<qsizetype>(rect.height() / metrics.height() / (background ? 1 : 2));
    if (width < 24 || room == 0) {
        return false;
    }
    const auto fits = [&](const QString& text) { return metrics.horizontalAdvance(text) <= width; };
    QStringList lines;
    // The whole name, its end, or as much of the end as says something; a torso of three letters says nothing.
    const QString name = qt(tensor.name);
    const QString end = qt(shortName(tensor.name, Short::TensorEnd));
    if (fits(name) || fits(end)) {
        lines.append(fits(name) ? name : end);
    } else if (width >= metrics.averageCharWidth() * kFewestLetters) {
        lines.append(metrics.elidedText(end, Qt::ElideLeft, static_cast<int>(width)));
    }
    for (const QString& more : {qt(shapeText(tensor.shape)), bytesText(tensor.sizeBytes)}) {
        if (!more.isEmpty() && lines.size() < room && fits(more)) {
            lines.append(more);
        }
    }
    double y = rect.center().y() - metrics.height() * static_cast<double>(lines.size()) / 2;
    if (background) {
        painter.setPen(Theme::textOn(*background));
    } else if (!Theme::of(this).dark) {
        painter.setPen(Theme::of(this).text);
    } else if (!lines.empty()) { // a light and a dark colour meet below the text
        double widest = 0;
        for (const QString& line : lines) {
            widest = std::max<double>(widest, metrics.horizontalAdvance(line));
        }
        QColor plate = Theme::of(this).surface;
        plate.setAlpha(185);
        painter.fillRect(QRectF(rect.center().x() - widest / 2 - 3, y, widest + 6,
                                metrics.height() * static_cast<double>(lines.size())),
                         plate);
        painter.setPen(Theme::of(this).text);
    }
    for (const QString& line : lines) {
        painter.drawText(QRectF(rect.left() + 4, y, width, metrics.height()), Qt::AlignCenter, line);
        y += metrics.height();
    }
    return !lines.empty();
}

void TetrisView::drawParts(QPainter& painter, const QRectF& area, std::size_t block, const QColor& pale,
                           const QColor& full) const {
    const BlockPlace whole = placeNow(block);
    painter.fillRect(rectOf(block, area).intersected(area), pale);
    for (const LifePart& part : m_document->profile.memory.tensors[block].parts) {
        // Going over to "as reserved", each part grows to the life of the whole block.
        const double begin = static_cast<double>(part.bornCycle);
        const double end = static_cast<double>(part.diedCycle);
        const double left = xOf(begin + (whole.begin - begin) * m_mix, area);
        const double right = xOf(end + (whole.end - end) * m_mix, area);
        const double low = whole.low + static_cast<double>(part.offset);
        const double top = yOf(low + static_cast<double>(part.sizeBytes), area);
        painter.fillRect(QRectF(left, top, right - left, yOf(low, area) - top).intersected(area), full);
    }
}

void TetrisView::drawBlocks(QPainter& painter, const QRectF& area) {
    const Theme& theme = Theme::of(this);
    const auto& tensors = m_document->profile.memory.tensors;
    const int layer = m_selection->layer();
    m_document->tetris.visible(cyclesAt(area.left(), area), cyclesAt(area.right(), area), m_visible);
    painter.save();
    painter.setClipRect(area);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setFont(scaledFont(font(), 0.88));
    const TetrisModel& model = m_document->tetris;
    std::sort(m_visible.begin(), m_visible.end(),
              [&](std::uint32_t a, std::uint32_t b) { return model.rank(a) < model.rank(b); });
    // Fill and edge of each kind, as used by the selected layer and as not.
    std::array<std::array<std::pair<QColor, QColor>, kBlockKinds>, 2> colours;
    for (std::size_t kind = 0; kind < kBlockKinds; ++kind) {
        const QColor full = blockColour(theme, static_cast<BlockKind>(kind));
        const QColor pale = mixed(theme.surface, full, 0.28);
        const double edge = theme.dark ? 0.45 : 0.25;
        colours[0][kind] = {pale, mixed(pale, QColor(Qt::black), edge)};
        colours[1][kind] = {full, mixed(full, QColor(Qt::black), edge)};
    }
    int labels = 0;
    for (const std::uint32_t i : m_visible) {
        const TensorLife& tensor = tensors[i];
        const QRectF rect = rectOf(i, area);
        const QRectF shown = rect.intersected(area);
        if (shown.isEmpty() && !(rect.width() < 1 && rect.right() >= area.left() && rect.left() <= area.right())) {
            continue;
        }
        const bool uses = layer < 0 || tensor.writer == layer ||
                          std::find(tensor.readers.begin(), tensor.readers.end(), layer) != tensor.readers.end();
        const auto& [colour, edge] = colours[uses ? 1 : 0][static_cast<std::size_t>(model.kind(i))];
        const QRectF box(std::floor(shown.left()), std::floor(shown.top()), std::max(1.0, std::round(shown.width())),
                         std::max(1.0, std::round(shown.height())));
        if (!tensor.parts.empty() && rect.height() >= kPartsFrom && rect.width() >= kPartsWidth && m_mix < 1) {
            drawParts(painter, area, i, mixed(theme.surface, colour, 0.3), colour);
            painter.setPen(edge);
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(box.adjusted(0, 0, -1, -1));
            if (labels++ < kMostLabels) {
                drawBlockText(painter, box, std::nullopt, tensor);
            }
        } else if (box.width() > 3 && box.height() > 3) {
            painter.fillRect(box, colour);
            painter.fillRect(QRectF(box.left(), box.top(), box.width(), 1), edge);
            painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), edge);
            painter.fillRect(QRectF(box.left(), box.top(), 1, box.height()), edge);
            painter.fillRect(QRectF(box.right() - 1, box.top(), 1, box.height()), edge);
            if (labels < kMostLabels && drawBlockText(painter, box, colour, tensor)) {
                ++labels;
            }
        } else {
            painter.fillRect(box, colour);
        }
        if (static_cast<int>(i) == m_picked || (layer >= 0 && tensor.writer == layer)) {
            painter.setPen(QPen(theme.text, 2, model.kind(i) == BlockKind::Scratch ? Qt::DashLine : Qt::SolidLine));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(box.adjusted(1, 1, -1, -1));
        }
    }
    painter.restore();
}

void TetrisView::drawStack(QPainter& painter, const QRectF& area) const {
    const Theme& theme = Theme::of(this);
    const ProfileMemory& memory = m_document->profile.memory;
    for (const MemoryBand& band : m_document->tetris.bands()) {
        const bool isStack = band.kind == MemoryBand::Kind::Stack;
        if (!isStack && band.kind != MemoryBand::Kind::Heap) {
            continue;
        }
        painter.save();
        painter.setClipRect(area);
        const double end = band.offset + static_cast<double>(band.sizeBytes);
        const double high = isStack ? end : band.offset + static_cast<double>(memory.heap.highWaterBytes);
        const double mark = isStack ? end - static_cast<double>(memory.stack.highWaterBytes) : high;
        const QColor colour = isStack ? theme.series[3] : theme.series[4];
        if (isStack && !memory.stackSamples.empty()) {
            for (std::size_t i = 0; i < memory.stackSamples.size(); ++i) {
                const double from = xOf(static_cast<double>(memory.stackSamples[i].first), area);
                const double to = i + 1 < memory.stackSamples.size()
                                      ? xOf(static_cast<double>(memory.stackSamples[i + 1].first), area)
                                      : area.right();
                const double low = yOf(end - static_cast<double>(memory.stackSamples[i].second), area);
                painter.fillRect(QRectF(from, yOf(end, area), std::max(1.0, to - from), low - yOf(end, area)), colour);
            }
        } else {
            painter.fillRect(QRectF(area.left(), yOf(high, area), area.width(),
                                    yOf(isStack ? mark : band.offset, area) - yOf(high, area)),
                             colour);
        }
        const double y = std::round(yOf(mark, area)) + 0.5;
        painter.setPen(QPen(theme.text, 1, Qt::DashLine));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        const QFontMetrics metrics(painter.font());
        const QString text =
            QStringLiteral("%1: %2 of %3 used")
                .arg(band.title, bytesText(isStack ? memory.stack.highWaterBytes : memory.heap.highWaterBytes),
                     bytesText(isStack ? memory.stack.sizeBytes : memory.heap.sizeBytes));
        const double bandBottom = yOf(band.offset, area);
        const double bandTop = yOf(end, area);
        const bool below = bandBottom - y > metrics.height() + 2;
        const QRectF room(area.left() + 6, below ? y + 1 : bandTop + 1, area.width() - 12, metrics.height());
        if (area.contains(room.center()) && (below || y - bandTop > metrics.height() + 1)) {
            painter.setPen(below ? theme.text : Theme::textOn(colour));
            painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter, text);
        }
        painter.restore();
    }
}

} // namespace simprof::gui
