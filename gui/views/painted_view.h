// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QWidget>

class QPainter;

namespace simprof::gui {

/// A picture that is painted, not built of widgets: it can be seen, exported as PNG or SVG, and copied.
class PaintedView : public QWidget {
    Q_OBJECT
public:
    /// `name` is what files, titles and screen readers call it.
    PaintedView(const QString& name, QWidget* parent);

    const QString& name() const { return m_name; }
    /// Paints the whole picture at a size.
    virtual void draw(QPainter& painter, const QSizeF& size) = 0;

    /// The numbers behind the picture as lines of tab-separated text; empty when it has none of its own.
    virtual QString numbers() const { return {}; }
    /// What the picture says at a point, as plain text.
    virtual QString textAt(const QPointF& at) const {
        Q_UNUSED(at)
        return {};
    }

    QImage toImage(double scale);
    QString toSvg();
    /// Writes .svg as SVG and everything else as PNG at twice the size; false when the file cannot be written.
    bool exportTo(const QString& path);

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    QString m_name;
};

/// `text` cut to a width, with dots.
QString fitted(const QFontMetrics& metrics, const QString& text, double width);
} // namespace simprof::gui
