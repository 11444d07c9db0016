// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/document.h"
#include "gui/views/time_view.h"

namespace simprof::gui {

/// Power over time as steps, with the energy band, the mean, and the inferences in a strip above.
class PowerView : public TimeView {
    Q_OBJECT
public:
    PowerView(const QString& name, Selection* selection, QWidget* parent);

    void setDocument(DocumentPtr document);
    void draw(QPainter& painter, const QSizeF& size) override;

protected:
    std::optional<std::pair<Cycles, Cycles>> placeOf(int layer) override;
    std::optional<std::pair<Cycles, Cycles>> placeOfInference(int inference) override;
    QRectF plot(const QSizeF& size) const override;
    QString tipAt(const QPointF& at) const override;
    void pick(const QPointF& at) override { Q_UNUSED(at) }
    void activate(const QPointF& at) override;

private:
    void drawScale(QPainter& painter, const QRectF& area, double full) const;

    DocumentPtr m_document;
    SpanLane m_power;
    SpanLane m_inferences;
    double m_mostMicrowatts = 0;
    std::vector<DrawnSpan> m_drawn;
};

} // namespace simprof::gui
