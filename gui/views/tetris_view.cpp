// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/views/tetris_view.h"

#include "gui/text.h"
#include "gui/theme.h"

#include <QGuiApplication>
#include <QPainter>

#include <algorithm>

namespace simprof::gui {

namespace {

constexpr double kGutter = 86; ///< addresses at the left
constexpr double kStrip = 18;  ///< layers at the top
constexpr double kCurve = 92;
constexpr double kAxis = 22;
constexpr double kOverview = 38;
constexpr int kChangeMilliseconds = 260;

} // namespace

TetrisView::TetrisView(const QString& name, Selection* selection, QWidget* parent)
    : TimeView(name, selection, parent) {
    setMinimumSize(240, 240);
    m_change.setDuration(kChangeMilliseconds);
    m_change.setEasingCurve(QEasingCurve::InOutCubic);
    connect(&m_change, &QVariantAnimation::valueChanged, this, [this](const QVariant& value) {
        m_mix = value.toDouble();
        update();
    });
}

void TetrisView::setDocument(DocumentPtr document) {
    m_document = std::move(document);
    m_picked = -1;
    m_small = QImage();
    setUnit(m_unit);
    m_y.low = 0;
    m_y.high = m_document ? m_document->tetris.heightBytes() : 1;
    m_y.smallest = 16;
    m_y.fit();
}

void TetrisView::setUnit(TimeUnit unit) {
    m_unit = unit;
    m_small = QImage();
    if (m_document) {
        const TetrisModel& model = m_document->tetris;
        setAxis(AxisMap(m_document->profile, unit, m_document->profile.memory.inference), model.beginCycle(),
                model.endCycle());
    }
}

void TetrisView::setState(TetrisState state) {
    m_state = state;
    m_small = QImage();
    m_change.stop();
    const double target = state == TetrisState::Reserved ? 1 : 0;
    if (!isVisible() || QGuiApplication::platformName() == QLatin1String("offscreen")) {
        m_mix = target;
        update();
        return;
    }
    m_change.setStartValue(m_mix);
    m_change.setEndValue(target);
    m_change.start();
}

void TetrisView::setCompact(bool compact) {
    m_compact = compact;
    update();
}

void TetrisView::fit() {
    m_y.fit();
    TimeView::fit();
}

void TetrisView::showBlock(int block) {
    if (!m_document || block < 0 || block >= static_cast<int>(m_document->tetris.blockCount())) {
        return;
    }
    m_picked = block;
    const BlockPlace& place = m_document->tetris.place(static_cast<std::size_t>(block), m_state);
    const double margin = std::max(64.0, (place.high - place.low) * 0.5);
    m_y.show(place.low - margin, place.high + margin);
    showCycles(place.begin, place.end);
}

TetrisView::Areas TetrisView::areas(const QSizeF& size) const {
    Areas a;
    const double width = std::max(20.0, size.width() - kGutter - 12);
    const double overview = m_compact ? 0 : kOverview;
    const double curve = m_compact ? kCurve * 0.7 : kCurve;
    const double blocks = std::max(30.0, size.height() - 8 - kStrip - 8 - curve - kAxis - overview - 6);
    a.strip = QRectF(kGutter, 8, width, kStrip);
    a.blocks = QRectF(kGutter, a.strip.bottom() + 2, width, blocks);
    a.curve = QRectF(kGutter, a.blocks.bottom() + 8, width, curve);
    a.axis = QRectF(kGutter, a.curve.bottom(), width, kAxis);
    a.overview = QRectF(kGutter, a.axis.bottom(), width, overview);
    return a;
}

QRectF TetrisView::plot(const QSizeF& size) const { return areas(size).blocks; }

BlockPlace TetrisView::placeNow(std::size_t block) const {
    const BlockPlace& a = m_document->tetris.place(block, TetrisState::Measured);
    const BlockPlace& b = m_document->tetris.place(block, TetrisState::Reserved);
    const auto mix = [&](double x, double y) { return x + (y - x) * m_mix; };
    return {mix(a.begin, b.begin), mix(a.end, b.end), mix(a.low, b.low), mix(a.high, b.high)};
}

QRectF TetrisView::rectOf(std::size_t block, const QRectF& area) const {
    const BlockPlace place = placeNow(block);
    const double left = xOf(place.begin, area);
    const double right = xOf(place.end, area);
    const double top = yOf(place.high, area);
    return {left, top, right - left, yOf(place.low, area) - top};
}

void TetrisView::draw(QPainter& painter, const QSizeF& size) {
    const Theme& theme = Theme::of(this);
    painter.fillRect(QRectF(QPointF(0, 0), size), theme.surface);
    if (!m_document || m_document->tetris.bands().empty()) {
        drawEmpty(painter, size);
        return;
    }
    const Areas a = areas(size);
    drawAxis(painter, QRectF(a.blocks.topLeft(), a.curve.bottomRight()), a.axis.top(), a.axis.height());
    drawBands(painter, a.blocks);
    drawBlocks(painter, a.blocks);
    drawStack(painter, a.blocks);
    drawStrip(painter, a.strip);
    drawCurve(painter, a.curve);
    drawMeasure(painter, QRectF(a.blocks.topLeft(), a.curve.bottomRight()));
    if (!m_compact) {
        drawOverview(painter, a.overview);
    }
    drawBox(painter);
}

bool TetrisView::pressOverview(const QPointF& at) {
    const QRectF area = areas(size()).overview;
    if (m_compact ||
        !area.adjusted(0, 0, 0, 6).contains(QPointF(std::clamp(at.x(), area.left(), area.right()), at.y()))) {
        return false;
    }
    const double value = m_x.low + (at.x() - area.left()) / area.width() * (m_x.high - m_x.low);
    const double length = m_x.length();
    m_x.show(value - length / 2, value + length / 2);
    moved();
    return true;
}

QString TetrisView::blockTip(std::size_t block) const {
    const TensorLife& tensor = m_document->profile.memory.tensors[block];
    const auto layerText = [&](std::int32_t id) {
        const LayerInfo* layer = m_document->layer(id);
        return layer == nullptr ? QStringLiteral("the application")
                                : QStringLiteral("%1 %2").arg(id).arg(qt(layer->op));
    };
    QStringList readers;
    for (const std::int32_t reader : tensor.readers) {
        readers.append(layerText(reader));
    }
    return QStringLiteral("<b>%1</b> &nbsp;%2<br>%3, %4<br>%5 … %6<br>lives %7 (%8)<br>written by %9%10")
        .arg(qt(tensor.name).toHtmlEscaped(), qt(shapeText(tensor.shape)), qt(nameOf(tensor.kind)),
             bytesText(tensor.sizeBytes), addressText(tensor.address),
             addressText(static_cast<Address>(tensor.address + (tensor.sizeBytes == 0 ? 0 : tensor.sizeBytes - 1))),
             timeText(m_document->microseconds(tensor.bornCycle, tensor.diedCycle)),
             qt(grouped(tensor.diedCycle - tensor.bornCycle)) + QStringLiteral(" cycles"),
             layerText(tensor.writer).toHtmlEscaped(),
             readers.isEmpty()
                 ? QString()
                 : QStringLiteral("<br>read by %1").arg(readers.join(QStringLiteral(", ")).toHtmlEscaped()));
}

QString TetrisView::partTip(std::size_t block, double offset) const {
    const TensorLife& tensor = m_document->profile.memory.tensors[block];
    const double inside = offset - placeNow(block).low;
    for (const LifePart& part : tensor.parts) {
        if (inside >= static_cast<double>(part.offset) && inside < static_cast<double>(part.offset + part.sizeBytes)) {
            return QStringLiteral("<br>bytes %1 … %2 of it live %3, %4 after its first write")
                .arg(count(part.offset), count(part.offset + part.sizeBytes - 1),
                     timeText(m_document->microseconds(part.bornCycle, part.diedCycle)),
                     timeText(m_document->microseconds(tensor.bornCycle, part.bornCycle)));
        }
    }
    return {};
}

QString TetrisView::tipAt(const QPointF& at) const {
    if (!m_document) {
        return {};
    }
    const Areas a = areas(size());
    if (a.blocks.contains(at)) {
        const int block = m_document->tetris.blockAt(cyclesAt(at.x(), a.blocks), offsetAt(at.y(), a.blocks), m_state);
        return block < 0 ? QString()
                         : blockTip(static_cast<std::size_t>(block)) +
                               partTip(static_cast<std::size_t>(block), offsetAt(at.y(), a.blocks));
    }
    if (a.curve.contains(at)) {
        const auto cycle = static_cast<Cycles>(std::max(0.0, cyclesAt(at.x(), a.curve)));
        const auto& live = m_document->profile.memory.live;
        const auto next = std::upper_bound(live.begin(), live.end(), cycle,
                                           [](Cycles c, const auto& sample) { return c < sample.first; });
        return next == live.begin() ? QString() : QStringLiteral("%1 live").arg(bytesText((next - 1)->second));
    }
    return {};
}

std::optional<std::pair<Cycles, Cycles>> TetrisView::placeOf(int layer) {
    if (!m_document || layer < 0) {
        return std::nullopt;
    }
    double low = m_y.high;
    double high = m_y.low;
    const std::vector<TensorLife>& tensors = m_document->profile.memory.tensors;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (tensors[i].writer == layer || std::ranges::find(tensors[i].readers, layer) != tensors[i].readers.end()) {
            const BlockPlace& place = m_document->tetris.place(i, m_state);
            low = std::min(low, place.low);
            high = std::max(high, place.high);
        }
    }
    if (low < high) {
        const double margin = std::max(64.0, (high - low) * 0.1);
        m_y.show(low - margin, high + margin);
    }
    return runOf(m_document->profile, layer, static_cast<int>(m_document->profile.memory.inference));
}

void TetrisView::pick(const QPointF& at) {
    if (!m_document) {
        return;
    }
    const Areas a = areas(size());
    const double cycle = cyclesAt(at.x(), a.blocks);
    if (a.strip.contains(at)) {
        for (const Lane& lane : m_document->lanes) {
            if (lane.kind == LaneKind::Layer) {
                const int span = lane.spans.at(cycle);
                m_selection->setLayer(span < 0 ? -1 : lane.spans.spans()[static_cast<std::size_t>(span)].key);
            }
        }
        return;
    }
    const int block =
        a.blocks.contains(at) ? m_document->tetris.blockAt(cycle, offsetAt(at.y(), a.blocks), m_state) : -1;
    m_picked = block;
    m_selection->setLayer(block < 0 ? -1 : m_document->profile.memory.tensors[static_cast<std::size_t>(block)].writer);
    Q_EMIT blockPicked(block);
    update();
}

void TetrisView::activate(const QPointF& at) {
    if (m_document && areas(size()).blocks.contains(at)) {
        const QRectF area = areas(size()).blocks;
        const int block = m_document->tetris.blockAt(cyclesAt(at.x(), area), offsetAt(at.y(), area), m_state);
        block < 0 ? fit() : showBlock(block);
    }
}

void TetrisView::panRows(double pixels) {
    const QRectF area = plot(size());
    m_y.pan(pixels / area.height() * m_y.length());
}

void TetrisView::zoomRows(double factor, double y) { m_y.zoom(factor, offsetAt(y, plot(size()))); }

void TetrisView::zoomToBox(const QRectF& box) {
    const QRectF area = plot(size());
    if (box.height() > 6) {
        m_y.show(offsetAt(box.bottom(), area), offsetAt(box.top(), area));
    }
    TimeView::zoomToBox(box);
}

} // namespace simprof::gui
