// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/pages/code_page.h"

#include "gui/pages/code_pane.h"
#include "gui/text.h"
#include "gui/views/legend_view.h"
#include "profiler/report/tables.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QSplitter>

namespace simprof::gui {

CodePage::CodePage(Selection* selection, QWidget* parent)
    : Page(selection, parent)
    , m_functionModel(new TableModel(this))
    , m_filter(new TableFilter(this))
    , m_functions(new QTableView(this))
    , m_pane(new CodePane(this)) {
    // C++ names and source lines are long: the functions lie above, so that code has the whole width.
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("code"));
    splitter->addWidget(makeFunctions());
    splitter->addWidget(m_pane);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({230, 600});
    splitter->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->addWidget(splitter);
    connect(m_pane, &CodePane::functionWanted, selection, &Selection::setFunction);
    connect(selection, &Selection::functionChanged, this, &CodePage::showFunction);
    connect(selection, &Selection::layerChanged, this, &CodePage::followLayer);
}

QWidget* CodePage::makeFunctions() {
    auto* left = new QWidget(this);
    auto* layout = new QVBoxLayout(left);
    layout->setContentsMargins(0, 0, 0, 0);
    m_words = new QLineEdit(left);
    m_words->setPlaceholderText(QStringLiteral("Filter functions"));
    m_words->setClearButtonEnabled(true);
    m_words->setAccessibleName(QStringLiteral("Filter functions"));
    m_words->setMinimumWidth(160);
    auto* tools = new QHBoxLayout;
    tools->addWidget(m_words, 1);
    tools->addSpacing(12);
    tools->addWidget(stallLegend(left));
    layout->addLayout(tools);
    layout->addWidget(m_functions, 1);
    m_filter->setSourceModel(m_functionModel);
    m_functions->setModel(m_filter);
    setUpTable(m_functions, QStringLiteral("Functions"));
    connect(m_words, &QLineEdit::textChanged, m_filter, &TableFilter::setWords);
    onRowChosen(m_functions, [this](const QModelIndex& now) {
        if (now.data(RowIdRole).toInt() >= 0 && !m_following) {
            selection()->setFunction(now.data(RowIdRole).toInt());
        }
    });
    return left;
}

void CodePage::setDocument(DocumentPtr document) {
    Page::setDocument(document);
    m_pane->setDocument(document);
    if (!document) {
        m_functionModel->setTable({}, {});
        return;
    }
    m_functionModel->setTable(functionTable(document->profile, document->profile.functions.size()),
                              {{"self_cycles", 0}, {"inclusive_cycles", 0}});
    m_functions->sortByColumn(m_functionModel->columnOf("self_cycles"), Qt::DescendingOrder);
    const auto column = [this](const char* key) { return m_functionModel->columnOf(key); };
    fitColumns(m_functions, column("name"), 220, 360,
               {column("location"), column("self_percent"), column("calls"), column("inclusive_cycles")});
    const int wanted = selection()->function();
    m_following = true; // what is shown first is not chosen by the user
    showFunction(wanted >= 0 ? wanted : document->profile.functions.empty() ? -1 : 0);
    m_following = false;
}

void CodePage::followLayer(int layer) {
    if (const int kernel = document() ? document()->kernelOf(layer) : -1; kernel >= 0) {
        selection()->setFunction(kernel);
        showFunction(kernel); // also when it was selected before
    }
}

void CodePage::showFunction(int index) {
    m_pane->showFunction(index);
    const QModelIndex source = m_functionModel->index(index, 0);
    if (source.isValid() && !m_filter->mapFromSource(source).isValid()) {
        m_words->clear(); // what is shown is not filtered out
    }
    const QModelIndex row = m_filter->mapFromSource(source);
    if (row.isValid() && m_functions->currentIndex().row() != row.row()) {
        m_functions->setCurrentIndex(row);
        m_functions->scrollTo(row);
    }
}

} // namespace simprof::gui
