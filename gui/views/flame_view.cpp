// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/views/flame_view.h"

#include "gui/text.h"
#include "gui/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace simprof::gui {

FlameView::FlameView(const QString& name, Selection* selection, QWidget* parent)
    : PaintedView(name, parent)
    , m_selection(selection) {
    setMouseTracking(true);
    setMinimumHeight(120);
    connect(selection, &Selection::functionChanged, this, qOverload<>(&QWidget::update));
    connect(selection, &Selection::layerChanged, this, &FlameView::setLayer);
}

void FlameView::setDocument(DocumentPtr document) {
    m_document = std::move(document);
    m_layer = -2;
    setLayer(m_selection->layer());
}

void FlameView::setLayer(int layer) {
    if (!m_document || layer == m_layer) {
        return;
    }
    m_layer = layer;
    m_zoomed = -1;
    m_scroll = 0;
    m_boxes = layer < 0 ? m_document->flame : makeFlame(m_document->profile, layer);
    m_total = 0;
    for (const FlameBox& box : m_boxes) {
        m_total += box.depth == 0 ? box.cycles : 0;
    }
    m_total = std::max<Cycles>(1, m_total);
    update();
}

void FlameView::setSearch(const QString& text) {
    m_search = text;
    update();
}

bool FlameView::matches(int box) const {
    const FunctionInfo* function = m_document->function(m_boxes[static_cast<std::size_t>(box)].function);
    return !m_search.isEmpty() && function != nullptr && qt(function->name).contains(m_search, Qt::CaseInsensitive);
}

double FlameView::matchedShare() const {
    Cycles sum = 0;
    std::vector<bool> counted(m_boxes.size());
    for (std::size_t i = 0; i < m_boxes.size(); ++i) {
        const bool above = m_boxes[i].parent >= 0 && counted[static_cast<std::size_t>(m_boxes[i].parent)];
        const bool hit = !above && matches(static_cast<int>(i));
        counted[i] = above || hit;
        sum += hit ? m_boxes[i].cycles : 0;
    }
    return static_cast<double>(sum) / static_cast<double>(m_total);
}

double FlameView::rowHeight() const { return fontMetrics().height() + 5; }

void FlameView::draw(QPainter& painter, const QSizeF& size) {
    const Theme& theme = Theme::of(this);
    painter.fillRect(QRectF(QPointF(0, 0), size), theme.surface);
    if (!m_document || m_boxes.empty()) {
        painter.setPen(theme.muted);
        painter.drawText(QRectF(QPointF(20, 20), size - QSizeF(40, 40)), Qt::AlignCenter | Qt::TextWordWrap,
                         QStringLiteral("This profile holds no calls."));
        return;
    }
    const Cycles from = m_zoomed < 0 ? 0 : m_boxes[static_cast<std::size_t>(m_zoomed)].begin;
    const Cycles length = m_zoomed < 0 ? m_total : m_boxes[static_cast<std::size_t>(m_zoomed)].cycles;
    const double scale = (size.width() - 8) / static_cast<double>(std::max<Cycles>(1, length));
    const QFontMetrics metrics(painter.font());
    for (std::size_t i = 0; i < m_boxes.size(); ++i) {
        const FlameBox& box = m_boxes[i];
        const double left = std::max(4.0, 4 + (static_cast<double>(box.begin) - static_cast<double>(from)) * scale);
        const double right = std::min(
            size.width() - 4, 4 + (static_cast<double>(box.begin + box.cycles) - static_cast<double>(from)) * scale);
        const QRectF rect(left, 4 + box.depth * rowHeight() - m_scroll, right - left, rowHeight() - 1);
        if (rect.width() < 0.4 || rect.bottom() < 0 || rect.top() > size.height()) {
            continue;
        }
        const FunctionInfo* function = m_document->function(box.function);
        QColor colour = function == nullptr ? theme.neutral : theme.ofName(function->name);
        if (!m_search.isEmpty() && !matches(static_cast<int>(i))) {
            colour = mixed(theme.surface, colour, 0.3);
        }
        painter.fillRect(rect.adjusted(0, 0, rect.width() > 3 ? -1 : 0, 0), colour);
        if (box.function == m_selection->function() && rect.width() > 3) {
            painter.setPen(QPen(theme.text, 2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(rect.adjusted(1, 1, -2, -1));
        }
        if (rect.width() > 26 && function != nullptr) {
            painter.setPen(Theme::textOn(colour));
            const QString name = functionText(*function);
            const QString share = QStringLiteral("%1  %2").arg(
                name, shareText(static_cast<double>(box.cycles), static_cast<double>(m_total)));
            const bool wide = metrics.horizontalAdvance(share) < rect.width() - 8;
            painter.drawText(rect.adjusted(4, 0, -3, 0),
                             static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine,
                             wide                                            ? share
                             : rect.width() > metrics.averageCharWidth() * 7 ? fitted(metrics, name, rect.width() - 7)
                                                                             : QString());
        }
    }
}

int FlameView::boxAt(const QPointF& at) const {
    const Cycles from = m_zoomed < 0 ? 0 : m_boxes[static_cast<std::size_t>(m_zoomed)].begin;
    const Cycles length = m_zoomed < 0 ? m_total : m_boxes[static_cast<std::size_t>(m_zoomed)].cycles;
    const int depth = static_cast<int>((at.y() - 4 + m_scroll) / rowHeight());
    const double cycle = static_cast<double>(from) + (at.x() - 4) / (width() - 8) * static_cast<double>(length);
    for (std::size_t i = 0; i < m_boxes.size(); ++i) {
        const FlameBox& box = m_boxes[i];
        if (box.depth == depth && cycle >= static_cast<double>(box.begin) &&
            cycle < static_cast<double>(box.begin + box.cycles)) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

void FlameView::zoomTo(int box) {
    m_zoomed = box;
    update();
}

QString FlameView::textAt(const QPointF& at) const {
    const int hit = m_document ? boxAt(at) : -1;
    if (hit < 0) {
        return {};
    }
    const FlameBox& box = m_boxes[static_cast<std::size_t>(hit)];
    const FunctionInfo* function = m_document->function(box.function);
    return QStringLiteral("%1\n%2 cycles, %3\n%4 in itself, %5 calls")
        .arg(function == nullptr ? QString() : qt(function->name), count(box.cycles),
             shareText(static_cast<double>(box.cycles), static_cast<double>(m_total)), count(box.self),
             count(box.calls));
}

void FlameView::mouseMoveEvent(QMouseEvent* event) {
    const QString text = textAt(event->position());
    if (text.isEmpty()) {
        QToolTip::hideText();
    } else {
        QToolTip::showText(event->globalPosition().toPoint() + QPoint(12, 12), text, this);
    }
}

void FlameView::mousePressEvent(QMouseEvent* event) {
    setFocus();
    const int hit = m_document && event->button() == Qt::LeftButton ? boxAt(event->position()) : -1;
    if (hit >= 0) {
        m_selection->setFunction(m_boxes[static_cast<std::size_t>(hit)].function);
    }
    zoomTo(hit == m_zoomed ? -1 : hit);
}

void FlameView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Home || event->key() == Qt::Key_0 ||
        (event->key() == Qt::Key_Escape && m_zoomed >= 0)) {
        zoomTo(-1);
        return;
    }
    if ((event->key() == Qt::Key_Up || event->key() == Qt::Key_Backspace) && m_zoomed >= 0) {
        zoomTo(m_boxes[static_cast<std::size_t>(m_zoomed)].parent);
        return;
    }
    PaintedView::keyPressEvent(event);
}

void FlameView::wheelEvent(QWheelEvent* event) {
    int deepest = 0;
    for (const FlameBox& box : m_boxes) {
        deepest = std::max(deepest, box.depth);
    }
    const double most = std::max(0.0, (deepest + 1) * rowHeight() + 8 - height());
    m_scroll = std::clamp(m_scroll - event->angleDelta().y() / 3.0, 0.0, most);
    update();
}

} // namespace simprof::gui
