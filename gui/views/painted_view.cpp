// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/views/painted_view.h"

#include "gui/theme.h"
#include "gui/views/svg_device.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QImage>
#include <QKeyEvent>
#include <QMenu>
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

void PaintedView::keyPressEvent(QKeyEvent* event) {
    if (!event->matches(QKeySequence::Copy)) {
        QWidget::keyPressEvent(event);
        return;
    }
    const QString here = textAt(mapFromGlobal(QPointF(QCursor::pos())));
    const QString text = here.isEmpty() ? numbers() : here;
    if (text.isEmpty()) {
        QGuiApplication::clipboard()->setImage(toImage(2));
    } else {
        QGuiApplication::clipboard()->setText(text);
    }
    event->accept();
}

void PaintedView::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    QClipboard* clipboard = QGuiApplication::clipboard();
    const QString here = textAt(QPointF(event->pos()));
    const QString all = numbers();
    if (!here.isEmpty()) {
        menu.addAction(QStringLiteral("Copy “%1”").arg(here.section(QLatin1Char('\n'), 0, 0)), this,
                       [clipboard, here] { clipboard->setText(here); });
    }
    if (!all.isEmpty()) {
        menu.addAction(QStringLiteral("Copy all numbers"), this, [clipboard, all] { clipboard->setText(all); });
    }
    menu.addAction(QStringLiteral("Copy picture"), this, [this, clipboard] { clipboard->setImage(toImage(2)); });
    menu.exec(event->globalPos());
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

} // namespace simprof::gui
