// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/pages/page.h"

class QListWidget;
class QStackedWidget;

namespace simprof::gui {

class Banner;
class CountingBar;
class RunBar;
class CodePage;
class ComparePage;
class ConsolePage;
class EnergyPage;
class LayersPage;
class MemoryPage;
class StartPage;
class SummaryPage;
class TimelinePage;

/// The start page and all others with the navigation beside them; above them a message, what is under way, and how the
/// layers are counted. One page is shown.
class PageDeck : public QWidget {
    Q_OBJECT
public:
    PageDeck(Selection* selection, QWidget* parent);

    /// Shows another profile on all pages.
    void setDocument(const DocumentPtr& document);
    /// Compares the profile with this one.
    void setBase(const DocumentPtr& base);
    void showPage(PageId page);
    void showStart();
    QWidget* shown() const;
    /// Makes the navigation anew, in the colours of now; without a document only start and console can be chosen.
    void refreshNavigation();

    Banner* banner() const { return m_banner; }
    RunBar* runBar() const { return m_runBar; }
    CountingBar* countingBar() const { return m_counting; }
    StartPage* start() const { return m_start; }
    SummaryPage* summary() const { return m_summary; }
    LayersPage* layers() const { return m_layers; }
    MemoryPage* memory() const { return m_memory; }
    TimelinePage* timeline() const { return m_timeline; }
    EnergyPage* energy() const { return m_energy; }
    CodePage* code() const { return m_code; }
    ConsolePage* console() const { return m_console; }
    ComparePage* compare() const { return m_compare; }

Q_SIGNALS:
    /// The user chose a page, or a link to one.
    void pageWanted(simprof::gui::PageId page);
    void hovered(const QString& text);

private:
    void makePages(Selection* selection);
    void showBars();

    DocumentPtr m_document;
    QListWidget* m_navigation;
    Banner* m_banner;
    RunBar* m_runBar;
    CountingBar* m_counting;
    QStackedWidget* m_stack;
    StartPage* m_start = nullptr;
    SummaryPage* m_summary = nullptr;
    LayersPage* m_layers = nullptr;
    MemoryPage* m_memory = nullptr;
    TimelinePage* m_timeline = nullptr;
    EnergyPage* m_energy = nullptr;
    CodePage* m_code = nullptr;
    ConsolePage* m_console = nullptr;
    ComparePage* m_compare = nullptr;
    std::array<Page*, kPageNames.size()> m_pages{};
};

} // namespace simprof::gui
