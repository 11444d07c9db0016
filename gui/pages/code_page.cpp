// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/pages/code_page.h"

#include "gui/text.h"
#include "gui/theme.h"
#include "gui/views/legend_view.h"
#include "gui/widgets.h"
#include "profiler/report/tables.h"
#include "profiler/symbols/source_path.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QSplitter>

namespace simprof::gui {

CodePage::CodePage(Selection* selection, QWidget* parent)
    : Page(selection, parent)
    , m_functionModel(new TableModel(this))
    , m_filter(new TableFilter(this))
    , m_sourceModel(new CodeModel(CodeModel::Kind::Source, this))
    , m_codeModel(new CodeModel(CodeModel::Kind::Disassembly, this))
    , m_functions(new QTableView(this))
    , m_source(new QTableView(this))
    , m_disassembly(new QTableView(this)) {
    // C++ names and source lines are long: the functions lie above, so that code has the whole width.
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("code"));
    splitter->addWidget(makeFunctions());
    splitter->addWidget(makeCode());
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({230, 600});
    splitter->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->addWidget(splitter);
    connect(selection, &Selection::functionChanged, this, &CodePage::showFunction);
    connect(selection, &Selection::layerChanged, this, &CodePage::followLayer);
}

QWidget* CodePage::makeFunctions() {
    auto* left = new QWidget(this);
    auto* layout = new QVBoxLayout(left);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* words = new QLineEdit(left);
    words->setPlaceholderText(QStringLiteral("Filter functions"));
    words->setClearButtonEnabled(true);
    words->setAccessibleName(QStringLiteral("Filter functions"));
    auto* tools = new QHBoxLayout;
    tools->addWidget(words, 1);
    tools->addSpacing(12);
    tools->addWidget(stallLegend(left));
    layout->addLayout(tools);
    layout->addWidget(m_functions, 1);
    m_filter->setSourceModel(m_functionModel);
    m_functions->setModel(m_filter);
    setUpTable(m_functions, QStringLiteral("Functions"));
    connect(words, &QLineEdit::textChanged, m_filter, &TableFilter::setWords);
    connect(m_functions->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& now) {
                if (now.isValid() && now.data(RowIdRole).toInt() >= 0 && !m_following) {
                    selection()->setFunction(now.data(RowIdRole).toInt());
                }
            });
    return left;
}

QWidget* CodePage::makeCode() {
    m_card = new Card(QStringLiteral("No function selected"), this);
    m_where = caption(QString(), m_card);
    m_where->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_card->header()->insertWidget(1, m_where);
    m_back = flatButton(QStringLiteral("Back"), QStringLiteral("Back to where the branch was (Alt+Left)"), m_card);
    m_back->setShortcut(QKeySequence(QStringLiteral("Alt+Left")));
    m_back->setEnabled(false);
    connect(m_back, &QToolButton::clicked, this, &CodePage::goBack);
    m_card->header()->addWidget(m_back);
    auto* panes = new QSplitter(m_card);
    panes->setObjectName(QStringLiteral("source and disassembly"));
    m_panes = panes;
    auto* left = new QWidget(panes);
    auto* leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    m_noSource = prose(QString(), left);
    auto* choose = flatButton(QStringLiteral("Choose the folder of the sources…"), QString(), left);
    connect(choose, &QToolButton::clicked, this, &CodePage::sourceRootWanted);
    auto* missing = new QWidget(left);
    auto* missingLayout = new QVBoxLayout(missing);
    missingLayout->setContentsMargins(0, 0, 0, 0);
    missingLayout->addWidget(m_noSource);
    missingLayout->addWidget(choose, 0, Qt::AlignLeft);
    leftLayout->addWidget(missing);
    leftLayout->addWidget(m_source, 1);
    panes->addWidget(left);
    panes->addWidget(m_disassembly);
    panes->setChildrenCollapsible(false);
    for (const auto& [table, model, name] :
         {std::tuple{m_source, m_sourceModel, "Source"}, std::tuple{m_disassembly, m_codeModel, "Disassembly"}}) {
        table->setModel(model);
        setUpTable(table, QLatin1String(name));
        table->setSortingEnabled(false);
        table->setAlternatingRowColors(false);
        table->setFont(codeFont(font()));
        table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 4);
        connect(table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
                [this, table = table] { alignTo(table); });
    }
    connect(m_disassembly, &QTableView::activated, this, &CodePage::jump);
    m_card->body()->addWidget(panes, 1);
    m_noCode = new QWidget(m_card);
    auto* none = new QVBoxLayout(m_noCode);
    m_noCodeText = prose(QString(), m_noCode);
    m_runAgain = flatButton(QStringLiteral("Run again with instructions"),
                            QStringLiteral("Run the firmware again and keep what each instruction cost"), m_noCode);
    connect(m_runAgain, &QToolButton::clicked, this, &CodePage::instructionsWanted);
    none->addWidget(m_noCodeText);
    none->addWidget(m_runAgain);
    none->addStretch();
    m_card->body()->addWidget(m_noCode, 1);
    return m_card;
}

void CodePage::setDocument(DocumentPtr document) {
    Page::setDocument(document);
    m_shown = -1;
    m_history.clear();
    m_back->setEnabled(false);
    if (!document) {
        m_functionModel->setTable({}, {});
        return;
    }
    m_functionModel->setTable(functionTable(document->profile, document->profile.functions.size()),
                              {{"self_cycles", 0}, {"inclusive_cycles", 0}});
    m_functions->sortByColumn(m_functionModel->columnOf("self_cycles"), Qt::DescendingOrder);
    fitColumns(m_functions, m_functionModel->columnOf("name"), 320);
    const int wanted = selection()->function();
    m_following = true; // what is shown first is not chosen by the user
    showFunction(wanted >= 0 ? wanted : document->profile.functions.empty() ? -1 : 0);
    m_following = false;
}

void CodePage::setSourceRoots(std::vector<std::filesystem::path> roots) {
    m_roots = std::move(roots);
    m_roots.emplace_back(".");
    showFunction(std::exchange(m_shown, -1));
}

void CodePage::setCanRun(bool can) { m_runAgain->setVisible(can); }

void CodePage::followLayer(int index) {
    const LayerInfo* layer = document() ? document()->layer(index) : nullptr;
    const int kernel = layer == nullptr || layer->kernel.empty() ? -1 : document()->functionNamed(layer->kernel);
    if (kernel >= 0) {
        selection()->setFunction(kernel);
    }
}

void CodePage::showFunction(int index) {
    const FunctionInfo* function = document() ? document()->function(index) : nullptr;
    if (function == nullptr || index == m_shown) {
        return;
    }
    m_shown = index;
    const Profile& profile = document()->profile;
    m_card->setTitle(functionText(*function));
    m_card->setToolTip(qt(function->name));
    m_where->setText(QStringLiteral("%1 cycles of its own, %2 calls, %3")
                         .arg(count(function->selfCycles), count(function->calls),
                              function->file.empty() ? addressText(function->address)
                                                     : qt(sourceLocation(function->file, function->line))));
    const auto text = function->file.empty() ? std::nullopt : SourceFinder(m_roots).lines(function->file);
    m_sourceModel->setRows(sourceRows(profile, index, text.value_or(std::vector<std::string>())));
    m_codeModel->setRows(instructionRows(profile, index));
    m_noSource->setText(function->file.empty()
                            ? QStringLiteral("The firmware holds no debug information for this function.")
                            : QStringLiteral("%1 was not found.").arg(qt(function->file)));
    m_noSource->parentWidget()->setVisible(!text);
    m_source->setVisible(!m_sourceModel->rows().empty());
    const bool hasCode = !m_codeModel->rows().empty();
    m_panes->setVisible(hasCode || text);
    m_disassembly->setVisible(hasCode);
    m_noCode->setVisible(!hasCode);
    m_noCodeText->setText(
        profile.instructions.empty()
            ? QStringLiteral("The profile holds no single instructions: a run keeps them only when asked to.")
            : QStringLiteral("The profile holds no instructions of this function."));
    for (QTableView* table : {m_source, m_disassembly}) {
        table->resizeColumnsToContents();
        table->setColumnWidth(CodeModel::Reasons, 76);
        table->horizontalHeader()->setStretchLastSection(true);
    }
    m_source->setColumnHidden(CodeModel::Executions, true);
    m_source->setColumnHidden(CodeModel::Text, !text);
    m_source->horizontalHeader()->setMinimumSectionSize(40);
    if (text.has_value() != m_hadText) {
        m_hadText = text.has_value();
        static_cast<QSplitter*>(m_panes)->setSizes(text ? QList<int>{600, 600} : QList<int>{260, 940});
    }
    const QModelIndex row = m_filter->mapFromSource(m_functionModel->index(index, 0));
    if (row.isValid() && m_functions->currentIndex().row() != row.row()) {
        m_functions->setCurrentIndex(row);
        m_functions->scrollTo(row);
    }
    // Begin at the hottest instruction.
    const auto& rows = m_codeModel->rows();
    const auto hottest = std::max_element(rows.begin(), rows.end(),
                                          [](const CodeRow& a, const CodeRow& b) { return a.cycles < b.cycles; });
    if (hottest != rows.end()) {
        m_disassembly->setCurrentIndex(m_codeModel->index(static_cast<int>(hottest - rows.begin()), 0));
        m_disassembly->scrollTo(m_disassembly->currentIndex(), QAbstractItemView::PositionAtCenter);
    }
}

void CodePage::alignTo(QTableView* from) {
    if (m_aligning || !from->currentIndex().isValid()) {
        return;
    }
    m_aligning = true;
    const bool fromSource = from == m_source;
    const CodeRow& row =
        (fromSource ? m_sourceModel : m_codeModel)->rows()[static_cast<std::size_t>(from->currentIndex().row())];
    QTableView* other = fromSource ? m_disassembly : m_source;
    CodeModel* model = fromSource ? m_codeModel : m_sourceModel;
    const int target = row.line == 0 ? -1 : model->rowOfLine(row.line);
    if (target >= 0) {
        other->selectRow(target);
        other->scrollTo(model->index(target, 0), QAbstractItemView::PositionAtCenter);
    }
    m_aligning = false;
}

void CodePage::showInstruction(int row) {
    m_disassembly->setCurrentIndex(m_codeModel->index(row, 0));
    m_disassembly->scrollTo(m_disassembly->currentIndex(), QAbstractItemView::PositionAtCenter);
}

void CodePage::jump() {
    const QModelIndex now = m_disassembly->currentIndex();
    if (!now.isValid()) {
        return;
    }
    const auto target = m_codeModel->rows()[static_cast<std::size_t>(now.row())].target;
    if (!target) {
        return;
    }
    const int inside = m_codeModel->rowOfAddress(*target);
    const int function = inside >= 0 ? m_shown : functionAt(document()->profile, *target);
    if (function < 0) {
        return;
    }
    m_history.emplace_back(m_shown, now.row());
    m_back->setEnabled(true);
    if (inside >= 0) {
        showInstruction(inside);
        return;
    }
    selection()->setFunction(function);
    if (const int row = m_codeModel->rowOfAddress(*target); row >= 0) {
        showInstruction(row);
    }
}

void CodePage::goBack() {
    if (m_history.empty()) {
        return;
    }
    const auto [function, row] = m_history.back();
    m_history.pop_back();
    m_back->setEnabled(!m_history.empty());
    selection()->setFunction(function);
    showFunction(function);
    showInstruction(row);
    m_disassembly->setFocus();
}

} // namespace simprof::gui
