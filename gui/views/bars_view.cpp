// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/views/bars_view.h"

#include "gui/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace simprof::gui {

namespace {

constexpr double kBesideLabel = 12;
constexpr double kBesideBars = 16; ///< between bars, values and the edge
constexpr double kLeastBar = 40;   ///< room of the longest bar, where labels are long

} // namespace

BarsView::BarsView(const QString& name, QWidget* parent)
    : PaintedView(name, parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::MinimumExpanding);
}

void BarsView::setBars(std::vector<Share> bars) {
    m_bars = std::move(bars);
    updateGeometry();
    update();
}

void BarsView::setSelected(int id) {
    m_selected = id;
    update();
}

QRect BarsView::placeOf(int id) const {
    const auto bar = std::ranges::find_if(m_bars, [id](const Share& share) { return id >= 0 && share.id == id; });
    return bar == m_bars.end()
               ? QRect()
               : QRectF(0, 2 + rowHeight() * static_cast<double>(bar - m_bars.begin()), width(), rowHeight())
                     .toAlignedRect();
}

double BarsView::rowHeight() const { return fontMetrics().height() + 8; }

QSize BarsView::sizeHint() const {
    return {320, static_cast<int>(rowHeight() * static_cast<double>(std::max<std::size_t>(1, m_bars.size())) + 4)};
}

QSize BarsView::minimumSizeHint() const { return {240, sizeHint().height()}; }

void BarsView::draw(QPainter& painter, const QSizeF& size) {
    const Theme& theme = Theme::of(this);
    painter.fillRect(QRectF(QPointF(0, 0), size), theme.surface);
    const QFontMetrics metrics(painter.font());
    double most = 0;
    for (const Share& bar : m_bars) {
        most = std::max(most, bar.value);
    }
    const auto [wanted, valueWidth] = textWidths();
    const double labels = std::min(wanted, size.width() - valueWidth - kBesideBars - kLeastBar);
    const double room = size.width() - labels - valueWidth - kBesideBars;
    double y = 2;
    for (const Share& bar : m_bars) {
        const QRectF row(0, y, size.width(), rowHeight());
        if (bar.id >= 0 && bar.id == m_selected) {
            painter.fillRect(row, mixed(theme.surface, theme.accent, 0.16));
        }
        painter.setPen(theme.text);
        painter.drawText(QRectF(4, y, labels - 8, rowHeight()), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(bar.label, Qt::ElideMiddle, static_cast<int>(labels - 8)));
        const double width = most > 0 ? bar.value / most * room : 0;
        painter.fillRect(QRectF(labels, y + 4, std::max(1.0, width), rowHeight() - 8), bar.colour);
        painter.setPen(theme.muted);
        painter.drawText(QRectF(labels + room + 8, y, valueWidth + 4, rowHeight()), Qt::AlignRight | Qt::AlignVCenter,
                         bar.text);
        y += rowHeight();
    }
}

BarsView::TextWidths BarsView::textWidths() const {
    TextWidths widths;
    for (const Share& bar : m_bars) {
        widths.values = std::max<double>(widths.values, fontMetrics().horizontalAdvance(bar.text));
        widths.labels = std::max<double>(widths.labels, fontMetrics().horizontalAdvance(bar.label) + kBesideLabel);
    }
    return widths;
}

bool BarsView::showsAll() const {
    const TextWidths widths = textWidths();
    return widths.labels + widths.values + kBesideBars + kLeastBar <= width();
}

QString BarsView::numbers() const { return numbersOf(m_bars); }

void BarsView::mousePressEvent(QMouseEvent* event) {
    const auto row = static_cast<std::size_t>(std::max(0.0, (event->position().y() - 2) / rowHeight()));
    if (row < m_bars.size()) {
        Q_EMIT clicked(m_bars[row].id);
    }
}

void BarsView::keyPressEvent(QKeyEvent* event) {
    const int step = event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0;
    if (step == 0 || m_bars.empty()) {
        PaintedView::keyPressEvent(event);
        return;
    }
    const auto at = std::find_if(m_bars.begin(), m_bars.end(), [&](const Share& bar) { return bar.id == m_selected; });
    const int row = at == m_bars.end() ? 0
                                       : std::clamp(static_cast<int>(at - m_bars.begin()) + step, 0,
                                                    static_cast<int>(m_bars.size()) - 1);
    Q_EMIT clicked(m_bars[static_cast<std::size_t>(row)].id);
}

} // namespace simprof::gui
