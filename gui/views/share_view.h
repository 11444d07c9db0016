// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/views/painted_view.h"

#include <QColor>

#include <vector>

namespace simprof::gui {

/// One part of a whole.
struct Share {
    QString label;
    QString text; ///< its value, with unit
    double value = 0;
    QColor colour;
    int id = -1; ///< given back when it is clicked
};

/// Labels and values, one a line, tab between them.
QString numbersOf(const std::vector<Share>& shares);

/// A whole as one bar of its parts, with a legend below that wraps.
class ShareView : public PaintedView {
    Q_OBJECT
public:
    ShareView(const QString& name, QWidget* parent);

    /// `whole` fills the bar; 0: the sum of the parts.
    void setShares(std::vector<Share> shares, double whole = 0);
    void draw(QPainter& painter, const QSizeF& size) override;
    QString numbers() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void clicked(int id);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    struct Place {
        QRectF legend;
        std::size_t share = 0;
    };
    std::vector<Place> legend(double width) const;
    int shareAt(const QPointF& at) const;

    std::vector<Share> m_shares;
    double m_whole = 1;
};

} // namespace simprof::gui
