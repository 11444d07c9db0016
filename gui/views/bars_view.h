// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/views/share_view.h"

namespace simprof::gui {

/// Labelled horizontal bars, one below the other: one value per layer or owner.
class BarsView : public PaintedView {
    Q_OBJECT
public:
    BarsView(const QString& name, QWidget* parent);

    void setBars(std::vector<Share> bars);
    /// Outlines the bar with this id.
    void setSelected(int id);
    /// Where the bar with this id is; empty when there is none.
    QRect placeOf(int id) const;
    /// Whether every label and value has room.
    bool showsAll() const;
    void draw(QPainter& painter, const QSizeF& size) override;
    QString numbers() const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void clicked(int id);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    /// Of the longest label and value, with what stands beside the label.
    struct TextWidths {
        double labels = 0;
        double values = 0;
    };
    double rowHeight() const;
    TextWidths textWidths() const;

    std::vector<Share> m_bars;
    int m_selected = -1;
};

} // namespace simprof::gui
