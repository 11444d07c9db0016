// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/document.h"

#include <QColor>
#include <QFontMetrics>
#include <QHash>

namespace simprof::gui {

struct Theme;

/// Colours and texts of what lies in the lanes of a timeline, and which of it matches a search; remembered, since they
/// are asked for with every frame.
class LaneLook {
public:
    struct Label {
        QString text;
        double width = -1; ///< pixels
    };

    void setDocument(DocumentPtr document);
    void setSearch(const QString& text);
    bool isSearching() const { return !m_search.isEmpty(); }
    /// Whether the name holds the text that is searched for; false without a search.
    bool matches(const Lane& lane, std::int32_t key);
    QColor colour(const Theme& theme, const Lane& lane, std::int32_t key);
    const Label& label(const Lane& lane, std::int32_t key, const QFontMetrics& metrics);
    /// As much of a label as `width` holds: cut, only a layer's number, or nothing.
    QString cutLabel(const Lane& lane, std::int32_t key, const Label& label, const QFontMetrics& metrics,
                     double width) const;

private:
    void rememberColours(const Theme& theme);

    DocumentPtr m_document;
    QString m_search;
    QHash<quint64, Label> m_labels;
    QHash<quint64, bool> m_matches;
    std::vector<QColor> m_functionColours;
    std::vector<QColor> m_layerColours;
    bool m_darkColours = false;
};

} // namespace simprof::gui
