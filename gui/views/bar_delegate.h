// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QStyledItemDelegate>

namespace simprof::gui {

/// Paints the bar behind a number (BarRole) and stacked bars of stalls (StallsRole), for every table of the window.
class BarDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;
};

} // namespace simprof::gui
