// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/document.h"
#include "gui/selection.h"
#include "gui/views/painted_view.h"

namespace simprof::gui {

/// The flame graph: all calls of a function by the same caller as one box, as wide as its cycles, callers below callees
/// turned upside down (roots at the top). Follows the selected layer; a click zooms to a box, Escape or Home zooms out.
class FlameView : public PaintedView {
    Q_OBJECT
public:
    FlameView(const QString& name, Selection* selection, QWidget* parent);

    void setDocument(DocumentPtr document);
    /// Boxes of one layer only, or of everything (-1).
    void setLayer(int layer);
    void setSearch(const QString& text);
    /// Share of the shown cycles in boxes that match the search, none counted twice.
    double matchedShare() const;
    void draw(QPainter& painter, const QSizeF& size) override;
    QString textAt(const QPointF& at) const override;

protected:
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    double rowHeight() const;
    int boxAt(const QPointF& at) const;
    bool matches(int box) const;
    void zoomTo(int box);

    DocumentPtr m_document;
    Selection* m_selection;
    std::vector<FlameBox> m_boxes;
    Cycles m_total = 1;
    int m_layer = -1;
    int m_zoomed = -1; ///< box that fills the width
    double m_scroll = 0;
    QString m_search;
};

} // namespace simprof::gui
