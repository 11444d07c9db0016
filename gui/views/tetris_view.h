// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/document.h"
#include "gui/views/time_view.h"

#include <QImage>

namespace simprof::gui {

struct Theme;

/// The memory tetris: address upwards, time to the right, every block from its birth to its death; below it the curve
/// of live bytes with its peak, and the whole inference in small.
class TetrisView : public TimeView {
    Q_OBJECT
public:
    TetrisView(const QString& name, Selection* selection, QWidget* parent);

    void setDocument(DocumentPtr document);
    void setUnit(TimeUnit unit);
    /// Goes over to the other state in a short animation.
    void setState(TetrisState state);
    TetrisState state() const { return m_state; }
    /// Leaves out the minimap, where two pictures stand side by side.
    void setCompact(bool compact);
    void fit() override;
    /// Zooms to the life of one block and outlines it.
    void showBlock(int block);
    int pickedBlock() const { return m_picked; }
    void draw(QPainter& painter, const QSizeF& size) override;

Q_SIGNALS:
    void blockPicked(int block);

protected:
    QRectF plot(const QSizeF& size) const override;
    QString tipAt(const QPointF& at) const override;
    std::optional<std::pair<Cycles, Cycles>> placeOf(int layer) override;
    void pick(const QPointF& at) override;
    void activate(const QPointF& at) override;
    void panRows(double pixels) override;
    void zoomRows(double factor, double y) override;
    void zoomToBox(const QRectF& box) override;
    bool zoomsRows() const override { return true; }
    bool pressOverview(const QPointF& at) override;

private:
    struct Areas {
        QRectF strip; ///< layers
        QRectF blocks;
        QRectF curve;
        QRectF axis;
        QRectF overview;
    };
    Areas areas(const QSizeF& size) const;
    double yOf(double offset, const QRectF& area) const {
        return area.bottom() - (offset - m_y.begin) / m_y.length() * area.height();
    }
    double offsetAt(double y, const QRectF& area) const {
        return m_y.begin + (area.bottom() - y) / area.height() * m_y.length();
    }
    BlockPlace placeNow(std::size_t block) const;
    QRectF rectOf(std::size_t block, const QRectF& area) const;
    void drawStrip(QPainter& painter, const QRectF& area) const;
    void drawBands(QPainter& painter, const QRectF& area) const;
    void drawBlocks(QPainter& painter, const QRectF& area);
    /// Without a background there are two, and the text gets a plate of its own. False when nothing fits.
    bool drawBlockText(QPainter& painter, const QRectF& rect, const std::optional<QColor>& background,
                       const TensorLife& tensor) const;
    void drawParts(QPainter& painter, const QRectF& area, std::size_t block, const QColor& pale,
                   const QColor& full) const;
    void drawStack(QPainter& painter, const QRectF& area) const;
    void drawSteps(QPainter& painter, const QRectF& area, const LiveCurve& curve, double scale,
                   const QColor& colour) const;
    void drawCurve(QPainter& painter, const QRectF& area) const;
    void drawOverview(QPainter& painter, const QRectF& area);
    void drawEmpty(QPainter& painter, const QSizeF& size) const;
    void paintSmall(QPainter& painter, const QRectF& area) const;
    QString blockTip(std::size_t block) const;
    QString partTip(std::size_t block, double offset) const;

    DocumentPtr m_document;
    TimeUnit m_unit = TimeUnit::Time;
    ViewRange m_y;
    TetrisState m_state = TetrisState::Measured;
    double m_mix = 0; ///< 0: as measured, 1: as reserved
    QVariantAnimation m_change;
    bool m_compact = false;
    int m_picked = -1;
    std::vector<std::uint32_t> m_visible;
    QImage m_small; ///< of the overview
    QRgb m_smallSurface = 0;
};

/// The colour of a block by what it is: activations, inputs and outputs, scratch, persistent.
QColor blockColour(const Theme& theme, BlockKind kind);

} // namespace simprof::gui
