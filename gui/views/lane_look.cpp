// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/views/lane_look.h"

#include "gui/text.h"
#include "gui/theme.h"
#include "gui/views/painted_view.h"

namespace simprof::gui {

namespace {

quint64 keyOf(const Lane& lane, std::int32_t key) {
    return (static_cast<quint64>(lane.kind) << 32) | static_cast<quint32>(key);
}

} // namespace

void LaneLook::setDocument(DocumentPtr document) {
    m_document = std::move(document);
    m_labels.clear();
    m_matches.clear();
    m_functionColours.clear();
    m_layerColours.clear();
}

void LaneLook::setSearch(const QString& text) {
    m_search = text;
    m_matches.clear();
}

bool LaneLook::matches(const Lane& lane, std::int32_t key) {
    if (m_search.isEmpty()) {
        return false;
    }
    const quint64 id = keyOf(lane, key);
    auto found = m_matches.find(id);
    if (found == m_matches.end()) {
        found =
            m_matches.insert(id, laneName(m_document->profile, lane.kind, key).contains(m_search, Qt::CaseInsensitive));
    }
    return *found;
}

void LaneLook::rememberColours(const Theme& theme) {
    if (m_darkColours == theme.dark && !(m_functionColours.empty() && m_layerColours.empty())) {
        return;
    }
    m_darkColours = theme.dark;
    m_functionColours.clear();
    m_layerColours.clear();
    for (const FunctionInfo& function : m_document->profile.functions) {
        m_functionColours.push_back(theme.ofName(function.name));
    }
    for (const LayerInfo& layer : m_document->profile.layers) {
        m_layerColours.push_back(theme.ofOperator(layer.op));
    }
}

QColor LaneLook::colour(const Theme& theme, const Lane& lane, std::int32_t key) {
    rememberColours(theme);
    const auto at = static_cast<std::size_t>(key);
    switch (lane.kind) {
    case LaneKind::Inference: return mixed(theme.surface, theme.accent, key % 2 == 0 ? 0.42 : 0.3);
    case LaneKind::Layer: return at < m_layerColours.size() ? m_layerColours[at] : theme.neutral;
    case LaneKind::Function: return at < m_functionColours.size() ? m_functionColours[at] : theme.neutral;
    case LaneKind::Interrupt: return theme.series[5];
    case LaneKind::Uart: return mixed(theme.surface, theme.series[3], 0.6);
    case LaneKind::Sleep: return theme.neutral;
    case LaneKind::Power: return theme.series[1];
    case LaneKind::Clock: return mixed(theme.surface, theme.series[2], 0.4);
    }
    return theme.neutral;
}

const LaneLook::Label& LaneLook::label(const Lane& lane, std::int32_t key, const QFontMetrics& metrics) {
    Label& found = m_labels[keyOf(lane, key)];
    if (found.width < 0) {
        const FunctionInfo* function = lane.kind == LaneKind::Function ? m_document->function(key) : nullptr;
        found.text = function != nullptr ? functionText(*function) : laneName(m_document->profile, lane.kind, key);
        found.width = metrics.horizontalAdvance(found.text);
    }
    return found;
}

QString LaneLook::cutLabel(const Lane& lane, std::int32_t key, const Label& label, const QFontMetrics& metrics,
                           double width) const {
    // Fewer letters than this say nothing; a layer still has its number.
    constexpr int kFewestLetters = 7;
    if (width >= metrics.averageCharWidth() * kFewestLetters) {
        return fitted(metrics, label.text, width);
    }
    const QString number = QString::number(key);
    return lane.kind == LaneKind::Layer && metrics.horizontalAdvance(number) <= width ? number : QString();
}

} // namespace simprof::gui
