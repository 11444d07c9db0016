// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/document.h"
#include "gui/selection.h"

#include <QWidget>

#include <array>

namespace simprof::gui {

class PaintedView;

/// The pages, in the order of the navigation; the names are those of --screenshot.
enum class PageId : std::uint8_t { Summary, Layers, Memory, Timeline, Energy, Code, Console, Compare };
inline constexpr std::array<const char*, 8> kPageNames = {"summary", "layers", "memory",  "timeline",
                                                          "energy",  "code",   "console", "compare"};
/// Their titles for people.
inline constexpr std::array<const char*, kPageNames.size()> kPageTitles = {"Summary", "Layers", "Memory",  "Timeline",
                                                                           "Energy",  "Code",   "Console", "Compare"};

/// One page of the window: one question about the open profile. All pages follow one selection.
class Page : public QWidget {
    Q_OBJECT
public:
    Page(Selection* selection, QWidget* parent);

    /// Shows another profile; null: none.
    virtual void setDocument(DocumentPtr document);
    const DocumentPtr& document() const { return m_document; }

Q_SIGNALS:
    /// The user wants to see the selection on another page.
    void pageWanted(simprof::gui::PageId page);
    /// A line for the status bar.
    void hovered(const QString& text);

protected:
    Selection* selection() const { return m_selection; }

private:
    Selection* m_selection;
    DocumentPtr m_document;
};

} // namespace simprof::gui
