// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/page_deck.h"

#include "gui/counting_bar.h"
#include "gui/icons.h"
#include "gui/pages/code_page.h"
#include "gui/pages/compare_page.h"
#include "gui/pages/console_page.h"
#include "gui/pages/energy_page.h"
#include "gui/pages/layers_page.h"
#include "gui/pages/memory_page.h"
#include "gui/pages/start_page.h"
#include "gui/pages/summary_page.h"
#include "gui/pages/timeline_page.h"
#include "gui/run_bar.h"
#include "gui/theme.h"
#include "gui/widgets.h"

#include <QListWidget>
#include <QStackedWidget>

namespace simprof::gui {

PageDeck::PageDeck(Selection* selection, QWidget* parent)
    : QWidget(parent)
    , m_navigation(new QListWidget(this))
    , m_banner(new Banner(this))
    , m_runBar(new RunBar(this))
    , m_counting(new CountingBar(selection, this))
    , m_stack(new QStackedWidget(this)) {
    m_navigation->setObjectName(QStringLiteral("navigation"));
    m_navigation->setAccessibleName(QStringLiteral("Pages"));
    m_navigation->setFixedWidth(150);
    m_navigation->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_navigation->setIconSize(QSize(18, 18));
    auto* outer = new QHBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    outer->addWidget(m_navigation);
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(m_banner);
    right->addWidget(m_runBar);
    right->addWidget(m_counting);
    right->addWidget(m_stack, 1);
    outer->addLayout(right, 1);
    makePages(selection);
    m_counting->hide();
    connect(m_stack, &QStackedWidget::currentChanged, this, &PageDeck::showBars);
    connect(m_navigation, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row == 0) {
            m_stack->setCurrentWidget(m_start);
        } else if (row > 0) {
            Q_EMIT pageWanted(static_cast<PageId>(row - 1));
        }
    });
}

void PageDeck::makePages(Selection* selection) {
    m_start = new StartPage(m_stack);
    m_stack->addWidget(m_start);
    m_pages = {m_summary = new SummaryPage(selection, m_stack), m_layers = new LayersPage(selection, m_stack),
               m_memory = new MemoryPage(selection, m_stack),   m_timeline = new TimelinePage(selection, m_stack),
               m_energy = new EnergyPage(selection, m_stack),   m_code = new CodePage(selection, m_stack),
               m_console = new ConsolePage(selection, m_stack), m_compare = new ComparePage(selection, m_stack)};
    for (Page* page : m_pages) {
        m_stack->addWidget(page);
        connect(page, &Page::pageWanted, this, &PageDeck::pageWanted);
        connect(page, &Page::hovered, this, &PageDeck::hovered);
    }
}

void PageDeck::setDocument(const DocumentPtr& document) {
    m_document = document;
    m_counting->setDocument(document);
    showBars();
    for (Page* page : m_pages) {
        page->setDocument(document);
    }
}

void PageDeck::setBase(const DocumentPtr& base) {
    m_compare->setBase(base);
    showBars();
}

void PageDeck::showBars() {
    const QWidget* page = m_stack->currentWidget();
    m_counting->setVisible(m_counting->hasChoice() &&
                           (page == m_layers || page == m_memory || page == m_timeline || page == m_energy ||
                            (page == m_compare && m_compare->base() != nullptr)));
}

void PageDeck::showPage(PageId page) {
    m_stack->setCurrentWidget(m_pages[static_cast<std::size_t>(page)]);
    m_navigation->setCurrentRow(static_cast<int>(page) + 1);
}

void PageDeck::showStart() {
    m_stack->setCurrentWidget(m_start);
    m_navigation->setCurrentRow(0);
}

QWidget* PageDeck::shown() const { return m_stack->currentWidget(); }

void PageDeck::refreshNavigation() {
    const QSignalBlocker quiet(m_navigation);
    const int row = std::max(0, m_navigation->currentRow());
    const Theme& theme = Theme::of(this);
    m_navigation->clear();
    m_navigation->addItem(new QListWidgetItem(startIcon(theme, devicePixelRatioF()), QStringLiteral("Start")));
    for (std::size_t i = 0; i < kPageNames.size(); ++i) {
        auto* item = new QListWidgetItem(pageIcon(static_cast<PageId>(i), theme, devicePixelRatioF()),
                                         QLatin1String(kPageTitles[i]), m_navigation);
        item->setToolTip(QStringLiteral("Ctrl+%1").arg(i + 1));
        if (!m_document && static_cast<PageId>(i) != PageId::Console) {
            item->setFlags(Qt::NoItemFlags);
        }
    }
    m_navigation->setCurrentRow(row);
}

} // namespace simprof::gui
