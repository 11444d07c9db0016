// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/views/painted_view.h"

#include "gui/theme.h"
#include "gui/views/svg_device.h"

#include <QFontMetrics>
#include <QImage>
#include <QPainter>
#include <QSaveFile>

#include <cmath>

namespace simprof::gui {

PaintedView::PaintedView(const QString& name, QWidget* parent)
    : QWidget(parent)
    , m_name(name) {
    setAccessibleName(name);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void PaintedView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setFont(font());
    draw(painter, size());
    if (hasFocus()) {
        painter.resetTransform();
        painter.setClipping(false);
        painter.setPen(QPen(Theme::of(this).accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

QImage PaintedView::toImage(double scale) {
    QImage image((QSizeF(size()) * scale).toSize(), QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    QPainter painter(&image);
    painter.setFont(font());
    draw(painter, size());
    return image;
}

QString PaintedView::toSvg() {
    SvgDevice device(size(), m_name);
    QPainter painter(&device);
    painter.setFont(font());
    draw(painter, size());
    painter.end();
    return device.text();
}

bool PaintedView::exportTo(const QString& path) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)) {
        return false;
    }
    if (path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive)) {
        file.write(toSvg().toUtf8());
    } else if (!toImage(2).save(&file, "PNG")) {
        return false;
    }
    return file.commit();
}

QString fitted(const QFontMetrics& metrics, const QString& text, double width) {
    if (width < 8) {
        return {};
    }
    return metrics.elidedText(text, Qt::ElideRight, static_cast<int>(std::floor(width)));
}

QString shortName(const QString& name) {
    // Arguments go first: the first parenthesis that opens outside of "(anonymous namespace)" and templates.
    QString text = name;
    text.remove(QLatin1String("(anonymous namespace)::"));
    int depth = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        depth += c == QLatin1Char('<') ? 1 : c == QLatin1Char('>') ? -1 : 0;
        if (c == QLatin1Char('(') && depth == 0 && i > 0) {
            text.truncate(i);
            break;
        }
    }
    depth = 0;
    qsizetype begin = 0;
    for (qsizetype i = 0; i + 1 < text.size(); ++i) {
        const QChar c = text[i];
        depth += c == QLatin1Char('<') ? 1 : c == QLatin1Char('>') ? -1 : 0;
        if (depth == 0 && c == QLatin1Char(':') && text[i + 1] == QLatin1Char(':')) {
            begin = i + 2;
        }
    }
    const QString result = text.mid(begin);
    return result.isEmpty() ? name : result;
}

} // namespace simprof::gui
