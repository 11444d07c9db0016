// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/views/bar_delegate.h"

#include "gui/models/table_model.h"
#include "gui/text.h"
#include "gui/theme.h"
#include "profiler/report/tables.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <numeric>
#include <utility>

namespace simprof::gui {

namespace {

constexpr int kStallWidth = 136;
constexpr int kBarWidth = 78;

void paintStalls(QPainter* painter, const QRectF& cell, const StallSums& stalls, double longest, const Theme& theme) {
    if (longest <= 0) {
        return;
    }
    double x = cell.left();
    for (std::size_t i = 0; i < kStallCount; ++i) {
        const double width = static_cast<double>(stalls[i]) / longest * cell.width();
        if (width > 0) {
            painter->fillRect(QRectF(x, cell.top(), width, cell.height()), theme.ofStall(i));
            x += width;
        }
    }
}

QString stallsTip(const StallSums& stalls) {
    const Cycles sum = std::accumulate(stalls.begin(), stalls.end(), Cycles{0});
    QString tip = QStringLiteral("<table cellpadding=2>");
    for (std::size_t i = 0; i < kStallCount; ++i) {
        if (stalls[i] != 0) {
            tip += QStringLiteral("<tr><td>%1</td><td align=right>%2</td><td align=right>%3</td></tr>")
                       .arg(qt(stallTitle(i)), count(stalls[i]),
                            shareText(static_cast<double>(stalls[i]), static_cast<double>(sum)));
        }
    }
    return tip + QStringLiteral("</table>");
}

} // namespace

void BarDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const QVariant stalls = index.data(StallsRole);
    const QVariant bar = index.data(BarRole);
    const Theme& theme = Theme::of(option.widget);
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    if (index.data(FooterRole).toBool()) {
        item.font = scaledFont(item.font, 1, QFont::DemiBold);
        item.backgroundBrush = theme.raised;
    }
    if (const QVariant heat = index.data(HeatRole); heat.isValid() && heat.toDouble() > 0) {
        item.backgroundBrush = theme.heat(heat.toDouble());
    }
    const QStyle* style = option.widget != nullptr ? option.widget->style() : QApplication::style();
    const QString text = std::exchange(item.text, QString());
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, option.widget); // background and selection
    painter->save();
    const QRectF cell = QRectF(option.rect).adjusted(4, 4, -4, -4);
    if (stalls.isValid()) {
        paintStalls(painter, cell, stalls.value<StallSums>(), index.data(LongestRole).toDouble(), theme);
    } else {
        if (bar.isValid() && bar.toDouble() > 0) {
            const QRectF filled(cell.left(), cell.top(), std::max(1.0, cell.width() * std::min(1.0, bar.toDouble())),
                                cell.height());
            const bool selected = option.state & QStyle::State_Selected;
            painter->fillRect(filled, mixed(theme.surface, theme.series[0],
                                            selected     ? (theme.dark ? 0.62 : 0.75)
                                            : theme.dark ? 0.42
                                                         : 0.5));
        }
        painter->setFont(item.font);
        painter->setPen(theme.text);
        const QRect room = option.rect.adjusted(7, 0, -7, 0);
        const Qt::Alignment side = item.displayAlignment & Qt::AlignHorizontal_Mask;
        const QFontMetrics metrics(item.font);
        const QVariant elide = index.data(ElideRole);
        painter->drawText(room, static_cast<int>(side | Qt::AlignVCenter) | Qt::TextSingleLine,
                          metrics.elidedText(text, elide.isValid() ? elide.value<Qt::TextElideMode>() : Qt::ElideMiddle,
                                             room.width()));
    }
    painter->restore();
}

QSize BarDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(std::max(size.height(), option.fontMetrics.height() + 10));
    size.rwidth() += 12;
    const QVariant bar = index.data(BarRole);
    if (index.data(FooterRole).toBool()) {
        const QFontMetrics bold(scaledFont(option.font, 1, QFont::DemiBold));
        size.setWidth(std::max(size.width(), bold.horizontalAdvance(index.data().toString()) + 22));
    }
    if (index.data(StallsRole).isValid()) {
        size.setWidth(kStallWidth);
    } else if (bar.isValid() && bar.toDouble() >= 0) {
        size.setWidth(std::max(size.width(), kBarWidth));
    }
    return size;
}

bool BarDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                            const QModelIndex& index) {
    const QVariant stalls = index.data(StallsRole);
    if (event->type() == QEvent::ToolTip && stalls.isValid()) {
        QToolTip::showText(event->globalPos(), stallsTip(stalls.value<StallSums>()), view);
        return true;
    }
    return QStyledItemDelegate::helpEvent(event, view, option, index);
}

} // namespace simprof::gui
