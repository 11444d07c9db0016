// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/views/painted_view.h"

#include <QColor>

#include <functional>
#include <vector>

namespace simprof::gui {

struct Theme;

/// One colour and what it means; the colour is asked for whenever it is painted, so that it follows the theme.
struct LegendEntry {
    QString text;
    std::function<QColor(const Theme&)> colour;
};

/// What the colours of a picture mean, in as many lines as its width needs.
class LegendView : public PaintedView {
    Q_OBJECT
public:
    LegendView(const QString& name, std::vector<LegendEntry> entries, QWidget* parent);

    void setEntries(std::vector<LegendEntry> entries);
    void draw(QPainter& painter, const QSizeF& size) override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    int heightForWidth(int width) const override;

private:
    double widthOf(const LegendEntry& entry) const;
    /// The left upper corner of each entry.
    std::vector<QPointF> places(double width) const;

    std::vector<LegendEntry> m_entries;
};

/// The legend of memory pictures: activations, scratch, …; what a profile has none of is left out.
std::vector<LegendEntry> blockEntries(bool parts, bool heap);
LegendView* blockLegend(QWidget* parent);
/// The legend of power over time.
LegendView* powerLegend(QWidget* parent);
/// The legend of stacked bars: why cycles passed.
LegendView* stallLegend(QWidget* parent);

} // namespace simprof::gui
