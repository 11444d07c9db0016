// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/views/legend_view.h"

#include "gui/text.h"
#include "gui/theme.h"
#include "gui/views/tetris_view.h"
#include "profiler/report/tables.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace simprof::gui {

namespace {

constexpr int kSwatch = 10;
constexpr int kToText = 5;
constexpr int kBetween = 13;
constexpr int kLineGap = 4;

} // namespace

LegendView::LegendView(const QString& name, std::vector<LegendEntry> entries, QWidget* parent)
    : PaintedView(name, parent)
    , m_entries(std::move(entries)) {
    setFocusPolicy(Qt::NoFocus);
    setAttribute(Qt::WA_OpaquePaintEvent, false);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum); // Fixed would cap it at one line
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

double LegendView::widthOf(const LegendEntry& entry) const {
    return kSwatch + kToText + fontMetrics().horizontalAdvance(entry.text) + kBetween;
}

std::vector<QPointF> LegendView::places(double width) const {
    std::vector<QPointF> places;
    QPointF at(0, 0);
    for (const LegendEntry& entry : m_entries) {
        const double needs = widthOf(entry);
        if (at.x() > 0 && at.x() + needs - kBetween > width) {
            at = QPointF(0, at.y() + fontMetrics().height() + kLineGap);
        }
        places.push_back(at);
        at.rx() += needs;
    }
    return places;
}

int LegendView::heightForWidth(int width) const {
    const std::vector<QPointF> all = places(width);
    return static_cast<int>(all.empty() ? 0 : all.back().y()) + fontMetrics().height() + kLineGap;
}

QSize LegendView::sizeHint() const {
    double width = 0;
    for (const LegendEntry& entry : m_entries) {
        width += widthOf(entry);
    }
    return {static_cast<int>(std::ceil(width)), fontMetrics().height() + kLineGap};
}

QSize LegendView::minimumSizeHint() const {
    double width = 0;
    for (const LegendEntry& entry : m_entries) {
        width = std::max(width, widthOf(entry));
    }
    return {static_cast<int>(std::ceil(width)), fontMetrics().height() + kLineGap};
}

void LegendView::draw(QPainter& painter, const QSizeF& size) {
    const Theme& theme = Theme::of(this);
    const double height = fontMetrics().height() + kLineGap;
    const std::vector<QPointF> all = places(size.width());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const LegendEntry& entry = m_entries[i];
        painter.fillRect(QRectF(all[i].x(), all[i].y() + height / 2 - kSwatch / 2.0, kSwatch, kSwatch),
                         entry.colour(theme));
        painter.setPen(theme.muted);
        painter.drawText(QRectF(all[i].x() + kSwatch + kToText, all[i].y(), widthOf(entry), height),
                         Qt::AlignLeft | Qt::AlignVCenter, entry.text);
    }
}

void LegendView::setEntries(std::vector<LegendEntry> entries) {
    m_entries = std::move(entries);
    updateGeometry();
    update();
}

std::vector<LegendEntry> blockEntries(bool parts, bool heap) {
    const auto block = [](const char* text, BlockKind kind) {
        return LegendEntry{QLatin1String(text), [kind](const Theme& theme) { return blockColour(theme, kind); }};
    };
    std::vector<LegendEntry> entries = {block("activations", BlockKind::Activation)};
    if (parts) {
        entries.push_back({QStringLiteral("not live"), [](const Theme& theme) {
                               return mixed(theme.surface, blockColour(theme, BlockKind::Activation), 0.3);
                           }});
    }
    entries.push_back(block("in, out", BlockKind::InputOutput));
    entries.push_back(block("scratch", BlockKind::Scratch));
    entries.push_back(block("persistent", BlockKind::Persistent));
    entries.push_back({QStringLiteral("stack"), [](const Theme& theme) { return theme.series[3]; }});
    if (heap) {
        entries.push_back({QStringLiteral("heap"), [](const Theme& theme) { return theme.series[4]; }});
    }
    return entries;
}

LegendView* blockLegend(QWidget* parent) {
    return new LegendView(QStringLiteral("legend of the memory picture"), blockEntries(false, false), parent);
}

LegendView* powerLegend(QWidget* parent) {
    return new LegendView(
        QStringLiteral("legend of power over time"),
        {{QStringLiteral("power"), [](const Theme& theme) { return theme.series[1]; }},
         {QStringLiteral("band of the supply figure"),
          [](const Theme& theme) { return mixed(theme.surface, theme.series[1], theme.dark ? 0.25 : 0.3); }},
         {QStringLiteral("inferences"), [](const Theme& theme) { return mixed(theme.surface, theme.accent, 0.45); }}},
        parent);
}

LegendView* stallLegend(QWidget* parent) {
    std::vector<LegendEntry> entries;
    for (std::size_t i = 0; i < kStallCount; ++i) {
        entries.push_back({qt(stallTitle(i)), [i](const Theme& theme) { return theme.ofStall(i); }});
    }
    return new LegendView(QStringLiteral("legend of reasons"), std::move(entries), parent);
}

} // namespace simprof::gui
