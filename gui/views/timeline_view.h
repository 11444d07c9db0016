// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/document.h"
#include "gui/views/lane_look.h"
#include "gui/views/time_view.h"

namespace simprof::gui {

/// Everything that ran, in lanes on one axis of time: inferences, layers, functions, interrupts, power, clock.
class TimelineView : public TimeView {
    Q_OBJECT
public:
    TimelineView(const QString& name, Selection* selection, QWidget* parent);

    void setDocument(DocumentPtr document);
    void setUnit(TimeUnit unit);
    /// Outlines every span whose name contains this text; empty: none.
    void setSearch(const QString& text);
    /// Shows the next (or previous) span that matches the search or is of the selected function or layer; false when
    /// there is none.
    bool showNext(bool forward);
    void draw(QPainter& painter, const QSizeF& size) override;
    /// Titles of the lanes that lie below what is shown, which the view says.
    QStringList lanesBelow() const;

Q_SIGNALS:
    void functionActivated(int function);

protected:
    QRectF plot(const QSizeF& size) const override;
    QString tipAt(const QPointF& at) const override;
    std::optional<std::pair<Cycles, Cycles>> placeOf(int layer) override;
    std::optional<std::pair<Cycles, Cycles>> placeOfInference(int inference) override;
    void pick(const QPointF& at) override;
    void activate(const QPointF& at) override;
    void panRows(double pixels) override;
    bool pressOverview(const QPointF& at) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Hit {
        const Lane* lane = nullptr;
        int span = -1;
        int gap = -1; ///< of what is left out
    };
    double laneHeight(const Lane& lane) const;
    double lanesHeight() const;
    QString leftOutTip(const LaneSpan& gap) const;
    QRectF overview(const QSizeF& size) const;
    Hit hitAt(const QPointF& at) const;
    void drawLeftOut(QPainter& painter, const Lane& lane, const QRectF& row, const QRectF& area);
    void drawLane(QPainter& painter, const Lane& lane, const QRectF& row, const QRectF& area);
    void drawPower(QPainter& painter, const Lane& lane, const QRectF& row, const QRectF& area);
    void drawOverview(QPainter& painter, const QRectF& area);
    void drawHidden(QPainter& painter, const QRectF& area);
    bool isSelected(const Lane& lane, std::int32_t key) const;

    DocumentPtr m_document;
    TimeUnit m_unit = TimeUnit::Time;
    double m_scroll = 0; ///< pixels of lanes above the view
    LaneLook m_look;
    std::vector<DrawnSpan> m_drawn;
};

} // namespace simprof::gui
