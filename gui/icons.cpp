// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/icons.h"

#include "gui/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <QPixmap>

#include <functional>

namespace simprof::gui {

namespace {

constexpr double kSize = 18;

void bars(QPainter& p, std::initializer_list<QRectF> rects) {
    for (const QRectF& rect : rects) {
        p.fillRect(rect, p.pen().color());
    }
}

void paintGlyph(QPainter& p, PageId page) {
    switch (page) {
    case PageId::Summary: // a gauge
        p.drawArc(QRectF(2.5, 3.5, 13, 13), 0, 180 * 16);
        p.drawLine(QPointF(9, 10), QPointF(12.5, 6));
        p.drawLine(QPointF(2.5, 13), QPointF(15.5, 13));
        break;
    case PageId::Layers: bars(p, {{2, 3, 14, 2.6}, {2, 7.7, 9, 2.6}, {2, 12.4, 12, 2.6}}); break;
    case PageId::Memory:
        bars(p, {{2, 10, 5, 6}, {7.6, 10, 8.4, 2.7}, {7.6, 13.3, 5, 2.7}, {2, 5.5, 8.5, 3.9}, {11.2, 2, 4.8, 7.4}});
        break;
    case PageId::Timeline:
        bars(p, {{2, 3, 14, 2.8}, {2, 7, 8, 2.8}, {11, 7, 5, 2.8}, {4, 11, 4, 2.8}, {11, 11, 2.5, 2.8}});
        break;
    case PageId::Energy: {
        QPainterPath bolt(QPointF(10.5, 1.5));
        for (const QPointF& at :
             {QPointF(4, 10.2), QPointF(8.2, 10.2), QPointF(7, 16.5), QPointF(14, 7.4), QPointF(9.6, 7.4)}) {
            bolt.lineTo(at);
        }
        bolt.closeSubpath();
        p.fillPath(bolt, p.pen().color());
        break;
    }
    case PageId::Code:
        p.drawPolyline(QPolygonF({QPointF(6, 4.5), QPointF(2, 9), QPointF(6, 13.5)}));
        p.drawPolyline(QPolygonF({QPointF(12, 4.5), QPointF(16, 9), QPointF(12, 13.5)}));
        break;
    case PageId::Console:
        p.drawPolyline(QPolygonF({QPointF(3, 4.5), QPointF(7.5, 9), QPointF(3, 13.5)}));
        p.drawLine(QPointF(9, 14), QPointF(15.5, 14));
        break;
    case PageId::Compare: bars(p, {{2.5, 6, 4.5, 10}, {10.5, 2.5, 4.5, 13.5}}); break;
    }
}

QIcon painted(const Theme& theme, double scale, const std::function<void(QPainter&)>& paint) {
    QPixmap pixmap(QSizeF(kSize * scale, kSize * scale).toSize());
    pixmap.setDevicePixelRatio(scale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(mixed(theme.text, theme.muted, 0.4), 1.7, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    paint(painter);
    QIcon icon;
    icon.addPixmap(pixmap, QIcon::Normal);
    icon.addPixmap(pixmap, QIcon::Selected);
    return icon;
}

} // namespace

QIcon pageIcon(PageId page, const Theme& theme, double scale) {
    return painted(theme, scale, [page](QPainter& painter) { paintGlyph(painter, page); });
}

QIcon startIcon(const Theme& theme, double scale) {
    return painted(theme, scale, [](QPainter& painter) {
        painter.drawPolyline(QPolygonF({QPointF(2, 9), QPointF(9, 2.8), QPointF(16, 9)}));
        painter.drawPolyline(QPolygonF({QPointF(4, 8), QPointF(4, 15.5), QPointF(14, 15.5), QPointF(14, 8)}));
    });
}

} // namespace simprof::gui
