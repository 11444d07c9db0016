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

    QImage toImage(double scale);
    QString toSvg();
    /// Writes .svg as SVG and everything else as PNG at twice the size; false when the file cannot be written.
    bool exportTo(const QString& path);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_name;
};

/// `text` cut to a width, with dots.
QString fitted(const QFontMetrics& metrics, const QString& text, double width);
/// A C++ function's name without namespaces and arguments: "ConvEval".
QString shortName(const QString& name);

} // namespace simprof::gui
